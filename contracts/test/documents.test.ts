import { describe, expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import process from 'node:process'
import { isDeepStrictEqual } from 'node:util'
import { RE2JS } from 're2js'
import { type Break, breaksBetween } from '../documents/breaks.ts'
import { documentFile, servedDocuments } from '../documents/committed.ts'
import { documentFaults, notesIn, unsaidIn } from '../documents/gate.ts'
import { breaking, compatible, type DocumentPlant } from './document-plants.ts'

const LINTER = createRequire(import.meta.url).resolve('@redocly/cli/bin/cli.js')
const served = await servedDocuments()

test('the documents are committed as they are, and no break since the last release is kept from clients', async () => {
  expect(await documentFaults()).toEqual([])
}, 300_000)

test('there is a document of each service, and one of the messages where there are some', () => {
  expect(served.map(({ service, kind }) => `${service} ${kind}`).sort()).toEqual([
    'all services openapi',
    'iam openapi',
    'inventory asyncapi',
    'inventory openapi',
    'order asyncapi',
    'order openapi',
    'user asyncapi',
    'user openapi',
  ])
})

describe('breaksBetween()', async () => {
  const [broken, unbroken] = await Promise.all([breaksOf(breaking), breaksOf(compatible)])

  test.each(breaking.map((plant, index) => [plant.title, index] as const))('notices: %s', (_, index) => {
    expect(broken.filter(({ where }) => where.includes(` /${index}/`))).not.toEqual([])
  })

  test.each(compatible.map((plant, index) => [plant.title, index] as const))('lets pass: %s', (_, index) => {
    expect(unbroken.filter(({ where }) => where.includes(` /${index}/`))).toEqual([])
  })

  test('notices a path that has moved, and a method that is gone', async () => {
    const document = documentOf('user')
    const { '/sellers/{sellerId}': seller, '/sessions': sessions = {}, ...others } = document.paths
    const { post: _post, ...left } = sessions
    const moved = { ...document, paths: { ...others, '/shops/{sellerId}': seller, '/sessions': left } }
    const places = (await breaksBetween(document, moved)).map(({ where }) => where)
    expect(places.sort()).toEqual(['/sellers/{sellerId}', 'POST /sessions'])
  })

  test('notices a field that a message no longer has', async () => {
    const document = served.find(({ service, kind }) => service === 'order' && kind === 'asyncapi')?.document
    const changed = JSON.parse(JSON.stringify(document).replaceAll('"cancellationId"', '"cancelId"'))
    const places = (await breaksBetween(Object(document), changed)).map(({ where }) => where)
    expect(new Set(places)).toEqual(new Set(['order.cancelled.v1', 'stock.released.v1']))
  })
})

test('the document of all services has what people can do, and nothing that services ask of each other', () => {
  const joined = documentOf('all services')
  const open = ['user', 'inventory', 'order'].flatMap((service) =>
    operationsOf(documentOf(service)).filter(({ described }) => !Object(described)['x-internal']),
  )
  const names = (operations: typeof open) => operations.map(({ name }) => name).sort()
  expect(names(operationsOf(joined))).toEqual(names(open))
  expect(names(open)).not.toContain('PUT /reservations/{orderId}')
  expect(JSON.stringify(joined)).not.toMatch(/x-api-key/i)
  for (const item of Object.values(joined.paths))
    expect(Object(item['servers'])[0].url).toMatch(/^http:\/\/127\.0\.0\.1:400[234]$/)
})

/** The patterns in a document, at any depth. */
function patternsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const own = 'pattern' in value && typeof value.pattern === 'string' ? [value.pattern] : []
  return [...own, ...Object.values(value).flatMap(patternsIn)]
}

describe('the patterns of the documents', () => {
  const patterns = new Set(served.flatMap(({ document }) => patternsIn(document)))
  const isTaken = (pattern: string) => RE2JS.compile(RE2JS.translateRegExp(pattern))

  test.each([...patterns])('%s is taken by ECMAScript, with Unicode and without, and by RE2', (pattern) => {
    expect(() => [new RegExp(pattern), new RegExp(pattern, 'u'), isTaken(pattern)]).not.toThrow()
  })

  test.each(['([0-9a-f-]{36}){0,49}', '(?=a)b', '(a)\\1'])('%s would be refused', (pattern) => {
    expect(() => isTaken(pattern)).toThrow()
  })
})

describe('unsaidIn()', () => {
  const breaks: Break[] = [{ where: 'GET /orders', what: 'Something is gone.' }]
  const changelog = (notes: string) =>
    `# Changelog\n\n## Unreleased\n\n${notes}\n\n### Added\n\n- \`GET /orders\` is faster.\n\n## 0.1.0\n\n### Breaks clients\n\n- \`GET /orders\`\n`

  test.each([
    ['a note under the heading', '### Breaks clients\n\n- `GET /orders`: pages have up to 50 entries.', 0],
    ['a note about another operation', '### Breaks clients\n\n- `GET /orders/{orderId}`: slower.', 1],
    ['only what was said of other changes, and of an earlier release', '', 1],
  ])('with %s', (_, notes, left) => {
    expect(unsaidIn(breaks, notesIn(changelog(notes)))).toHaveLength(left)
  })
})

type Paths = Record<string, Record<string, unknown>>
type Document = { paths: Paths; components: unknown }

function documentOf(service: string): Document {
  const found = served.find((one) => one.service === service && one.kind === 'openapi')
  if (!found) throw new Error(`there is no document of ${service}`)
  return Object(found.document)
}

function operationsOf({ paths }: Document): { name: string; described: unknown }[] {
  return Object.entries(paths).flatMap(([path, { servers: _, ...methods }]) =>
    Object.entries(methods).map(([method, described]) => ({
      name: `${method.toUpperCase()} ${path}`,
      described,
    })),
  )
}

/** Each plant is put into an operation of its own, beside all others, so that all are compared at once. */
async function breaksOf(plants: readonly DocumentPlant[]): Promise<Break[]> {
  const base = { openapi: '3.1.0', info: { title: 'plants', version: '1.0.0' }, components: securityOf() }
  const [before, after]: [Paths, Paths] = [{}, {}]
  for (const [index, { service, path, method, change }] of plants.entries()) {
    const document = documentOf(service)
    const operation = inlined(document.paths[path]?.[method], document)
    const changed = structuredClone(operation)
    change(changed)
    if (isDeepStrictEqual(changed, operation)) throw new Error(`Nothing was planted at ${index}`)
    before[`/${index}${path}`] = { [method]: operation }
    after[`/${index}${path}`] = { [method]: changed }
  }
  return breaksBetween({ ...base, paths: before }, { ...base, paths: after })
}

function securityOf(): object {
  return { securitySchemes: Object(documentOf('user').components).securitySchemes }
}

/** The value with each reference replaced by what it names, so that a plant changes one operation alone. */
function inlined(value: unknown, document: Document): unknown {
  if (Array.isArray(value)) return value.map((one) => inlined(one, document))
  if (typeof value !== 'object' || value === null) return value
  if ('$ref' in value && typeof value.$ref === 'string') {
    const parts = value.$ref.slice(2).split('/')
    return inlined(
      parts.reduce<unknown>((inside, part) => Object(inside)[part], document),
      document,
    )
  }
  // What a discriminator maps to is a reference as well, to what stands beside it now.
  const members = Object.entries(value).filter(([name]) => name !== 'discriminator')
  return Object.fromEntries(members.map(([name, one]) => [name, inlined(one, document)]))
}

test.each(['all services', 'iam', 'user', 'inventory', 'order'])(
  'redocly finds nothing to recommend in the document of %s',
  (service) => {
    const document = documentFile('committed', { service, kind: 'openapi' })
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [LINTER, 'lint', '--extends=recommended', '--format=github-actions', document],
      { encoding: 'utf8', env: { ...process.env, REDOCLY_TELEMETRY: 'off' } },
    )
    expect(`${stdout}${stderr}`).not.toContain('::error')
    expect(`${stdout}${stderr}`).not.toContain('::warning')
    expect(status).toBe(0)
  },
  60_000,
)
