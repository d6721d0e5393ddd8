import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/*
 * Plants one breach of each import rule beside a copy of the project's own Biome configuration, and what the rule
 * allows beside it. A rule that is switched off, or matches nothing any more, is noticed here.
 */

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const BIOME = join(ROOT, 'node_modules/.bin/biome')

const MANIFESTS = ['shared/package.json', 'stack/package.json', 'services/order/package.json']

/** The rules by what they say. */
const says = {
  folder: 'Import only from this folder',
  workspace: 'Import only from this workspace',
  service: 'Only @bazaar/shared is shared',
  pure: 'Rules import only rules',
  timeless: 'Rules read no clock',
  database: 'Routes and consumers hand over',
  shared: 'Shared is below everything else',
  business: 'Shared knows no business word',
  swagger: 'Only shared/http/docs/swagger.ts',
  mysql: 'Only shared/database/database.ts',
  broker: 'Only shared/messaging knows',
  tracer: 'Only shared/telemetry knows',
  bun: 'Only tests import from Bun',
  global: 'Do not use the global variable',
  cycle: 'is part of a cycle',
  undeclared: "isn't specified in",
} as const

/** Where, what is written there, and which rule it breaks; none for what is allowed. */
const plants: [file: string, code: string, rule: keyof typeof says | undefined][] = [
  // A service stands alone.
  ['services/order/src/place-planted.ts', load('../../user/src/user.ts'), 'folder'],
  ['services/order/src/place-planted.ts', loadType('../../user/src/user.ts'), 'folder'],
  ['services/order/src/place-planted.ts', "export { a } from '../../user/src/user.ts'", 'folder'],
  ['services/order/src/place-planted.ts', "import '../../user/src/user.ts'", 'folder'],
  ['services/order/src/place-planted.ts', "await import('../../user/src/user.ts')", 'folder'],
  ['services/order/src/place-planted.ts', "export type A = import('../../user/src/user.ts').A", 'folder'],
  ['services/order/src/place-planted.ts', load('../test/world.ts'), 'folder'],
  ['services/order/src/place-planted.ts', load('../../../shared/database/database.ts'), 'folder'],
  ['services/order/src/placing/place-planted.ts', load('../../../user/src/accounts/user.ts'), 'workspace'],
  ['services/order/src/placing/place-planted.ts', load('../../test/world.ts'), 'workspace'],
  ['services/order/src/placing/place-planted.ts', load('../orders/order.ts'), undefined],
  ['services/order/planted.config.ts', load('../user/src/user.ts'), 'folder'],
  ['services/order/test/planted.test.ts', load('../../user/src/user.ts'), 'workspace'],
  ['services/order/test/planted.test.ts', load('../src/order.ts'), undefined],
  ['services/order/test/payment/planted.test.ts', load('../../../user/src/accounts/user.ts'), 'workspace'],
  ['services/order/test/payment/planted.test.ts', load('../../src/orders/order.ts'), undefined],
  ['services/order/src/place-planted.ts', loadType('@bazaar/user/src/user.ts'), 'service'],
  ['services/order/src/place-planted.ts', load('@bazaar/stack'), 'service'],
  ['services/order/src/place-planted.ts', load('@bazaar/shared/database/database'), undefined],
  ['stack/src/planted.ts', load('../../services/order/src/orders/order.ts'), 'workspace'],
  ['stack/src/planted.ts', load('@bazaar/order'), 'service'],

  // What is published has nothing of what is not.
  ['client/src/planted.ts', load('../build/contract.ts'), 'folder'],
  ['client/src/planted.ts', loadType('../../shared/api/order.ts'), 'folder'],
  ['client/src/planted.ts', load('./request.ts'), undefined],

  // The shop asks the services as anybody may, and knows nothing of what is inside them or of the stack.
  ['shop/src/planted.ts', load('../../services/order/src/orders/order.ts'), 'folder'],
  ['shop/src/orders/planted.ts', load('../../../client/src/request.ts'), 'workspace'],
  ['shop/src/orders/planted.ts', load('@bazaar/stack'), 'service'],
  ['shop/src/orders/planted.ts', load('../page/planted-too.ts'), undefined],
  ['shop/src/orders/planted.ts', load('bun'), 'bun'],

  // Rules are pure. A file with one word for a name holds rules unless it is known not to.
  ['services/order/src/planted.ts', load('drizzle-orm'), 'pure'],
  ['services/order/src/orders/planted.ts', load('drizzle-orm'), 'pure'],
  ['services/order/src/orders/planted.ts', load('../tables.ts'), 'pure'],
  ['services/order/src/orders/planted.ts', load('./order-store.ts'), 'pure'],
  ['services/order/src/orders/planted.ts', load('../errors.ts'), undefined],
  ['services/order/src/orders/planted.ts', load('../payment/payment.ts'), undefined],
  ['services/order/src/planted.ts', load('elysia'), 'pure'],
  ['services/order/src/planted.ts', load('node:crypto'), 'pure'],
  ['services/order/src/planted.ts', load('@bazaar/shared/database/database'), 'pure'],
  ['services/order/src/planted.ts', loadType('@bazaar/shared/database/database'), 'pure'],
  ['services/order/src/planted.ts', load('./order-store.ts'), 'pure'],
  ['services/order/src/planted.ts', loadType('./tables.ts'), 'pure'],
  ['services/order/src/errors.ts', load('./config.ts'), 'pure'],
  ['services/order/src/planted.ts', load('./errors.ts'), undefined],
  ['services/order/src/planted.ts', load('./order.ts'), undefined],
  ['services/order/src/planted.ts', load('@bazaar/shared/api/order'), undefined],
  ['services/order/src/planted.ts', load('@bazaar/shared/problem'), undefined],
  ['services/order/src/planted.ts', 'export const now = Date.now()', 'timeless'],
  ['services/order/src/planted.ts', 'export const now = new Date()', 'timeless'],
  ['services/order/src/planted.ts', 'export const chance = Math.random()', 'timeless'],
  ['services/order/src/planted.ts', "export const given = process.env['X']", 'timeless'],
  ['services/order/src/planted.ts', 'export const then = new Date(5)', undefined],
  ['services/order/src/place-planted.ts', 'export const now = Date.now()', undefined],

  // What a database is asked is written in stores.
  ['services/order/src/routes.ts', load('drizzle-orm'), 'database'],
  ['services/order/src/routes.ts', load('./tables.ts'), 'database'],
  ['services/order/src/planted-routes.ts', loadType('./tables.ts'), 'database'],
  ['services/order/src/consumers.ts', load('ioredis'), 'database'],
  ['services/order/src/consumers.ts', load('./order-store.ts'), undefined],

  // Shared is below everything else.
  ['shared/planted.ts', load('../services/order/src/orders/order.ts'), 'folder'],
  ['shared/planted.ts', loadType('../stack/src/stack.ts'), 'folder'],
  ['shared/planted.ts', load('../tests/journeys/world.ts'), 'folder'],
  ['shared/clients/planted.ts', load('../../services/order/src/orders/order.ts'), 'workspace'],
  ['shared/planted.ts', load('@bazaar/order'), 'shared'],
  ['shared/http/planted.ts', load('../api/order.ts'), 'business'],
  ['shared/database/planted.ts', loadType('../api/inventory.ts'), 'business'],
  ['shared/http/planted.ts', load('../api/problems.ts'), undefined],
  ['shared/http/planted.ts', load('../../services/order/src/orders/order.ts'), 'workspace'],
  ['shared/http/docs/planted.ts', load('../../../services/order/src/orders/order.ts'), 'workspace'],
  ['shared/http/docs/planted.ts', load('../../problem.ts'), undefined],
  ['shared/clients/planted.ts', load('../api/order.ts'), undefined],
  ['shared/api/planted.ts', load('./inventory.ts'), undefined],
  ['shared/api/planted.ts', load('../problem.ts'), 'folder'],

  // What may change has one place.
  ['shared/planted.ts', load('@elysiajs/swagger'), 'swagger'],
  ['services/order/src/app.ts', load('@elysiajs/swagger'), 'swagger'],
  ['shared/http/docs/swagger.ts', load('@elysiajs/swagger'), undefined],
  ['shared/auth/planted.ts', load('mysql2/promise'), 'mysql'],
  ['shared/auth/planted.ts', load('drizzle-orm/mysql2'), 'mysql'],
  ['services/order/src/orders/order-store.ts', loadType('mysql2'), 'mysql'],
  ['services/order/src/orders/order-store.ts', load('drizzle-orm/mysql-core'), undefined],
  ['shared/database/database.ts', load('mysql2/promise'), undefined],
  ['shared/auth/planted.ts', loadType('amqplib'), 'broker'],
  ['services/order/src/place-planted.ts', load('amqplib'), 'broker'],
  ['shared/messaging/planted.ts', loadType('@opentelemetry/api'), 'tracer'],
  ['shop/src/visit/planted.ts', load('@opentelemetry/sdk-trace'), 'tracer'],
  ['shared/telemetry/planted.ts', load('@opentelemetry/api'), undefined],
  ['shared/messaging/broker.ts', load('amqplib'), undefined],

  // Everything but tests runs under Deno, too.
  ['shared/planted.ts', load('bun'), 'bun'],
  ['services/order/src/place-planted.ts', load('bun:sqlite'), 'bun'],
  ['shared/planted.test.ts', load('bun:test'), undefined],
  ['services/order/src/place-planted.ts', "Bun.write('a', 'b')", 'global'],
  ['stack/src/planted.ts', 'Deno.exit(1)', 'global'],

  // Nothing goes round in circles, and nothing is used that its package does not ask for.
  ['shared/planted.ts', `${load('./planted-too.ts')}\nexport const planted = 1`, 'cycle'],
  ['shared/planted.ts', load('left-pad'), 'undeclared'],
]

function load(source: string): string {
  return `import * as a from '${source}'\nvoid a`
}

function loadType(source: string): string {
  return `import type { A } from '${source}'\nexport type B = A`
}

let folder: string
/** What Biome says about each plant. */
let said: string[]

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bazaar-rules-'))
  const projects = plants.map(([file], index) => projectOf(file, index))
  const reports = new Map([...new Set(projects)].map((project) => [project, lint(project, '.')]))
  said = plants.map(([file], index) => {
    const lines = reports.get(projects[index] ?? '')?.split('\n') ?? []
    return lines.filter((line) => line.includes(`/${file},`)).join('\n')
  })
}, 600_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Plants are put into one project as long as none of them has the same file there. */
function projectOf(file: string, index: number): string {
  const before = plants.slice(0, index).filter(([earlier]) => earlier === file).length
  const project = join(folder, String(before))
  const [, code] = plants[index] ?? []
  for (const kept of ['biome.json', 'tests/rules', ...MANIFESTS])
    cpSync(join(ROOT, kept), join(project, kept), { recursive: true })
  write(project, '.gitignore', 'node_modules')
  write(project, 'shared/planted-too.ts', "import { planted } from './planted.ts'\nvoid planted")
  write(project, file, code ?? '')
  return project
}

function write(project: string, file: string, text: string): void {
  mkdirSync(dirname(join(project, file)), { recursive: true })
  writeFileSync(join(project, file), `${text}\n`)
}

/** Every complaint of Biome, a line each. */
function lint(project: string, what: string): string {
  const options = ['lint', '--reporter=github', '--max-diagnostics=none', what]
  const { status, stdout, stderr, error } = spawnSync(BIOME, options, { cwd: project, encoding: 'utf8' })
  if (error) throw error
  if (status !== 0 && !stdout.includes('::error')) throw new Error(`Biome did not run: ${stderr}`)
  return stdout
}

describe('the import rules', () => {
  test.each(plants.map(([file, code, rule], index) => [file, code, rule, index] as const))(
    '%s: %p: %p',
    (_file, _code, rule, index) => {
      const complaints = said[index] ?? ''
      expect(complaints).not.toContain('errored')
      // What a plant imports need not exist, so it may be undeclared besides.
      const broken = Object.entries(says).filter(
        ([name, words]) => complaints.includes(words) && (name !== 'undeclared' || rule === 'undeclared'),
      )
      expect(broken.map(([name]) => name)).toEqual(rule ? [rule] : [])
    },
  )

  test('are broken nowhere in the project', () => {
    const breaches = lint(ROOT, '.')
      .split('\n')
      .filter((line) => Object.values(says).some((words) => line.includes(words)))
    expect(breaches).toEqual([])
  }, 600_000)
})
