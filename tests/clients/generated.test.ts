import { afterAll, beforeAll, expect, test } from 'bun:test'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { run } from '@bazaar/client/test/installed'
import { unlessBusy } from '@bazaar/client/test/unless-busy'
import { DOCUMENTS, newOutsideProject, type OutsideProject } from './outside-project.ts'

/*
 * Clients that generators make of the document that is served, each in a program of somebody else's: it compiles under
 * strict settings, together with what it must not compile, and goes the main line.
 */

const TYPESCRIPT = fileURLToPath(new URL('../../node_modules/.bin/tsc', import.meta.url))

let project: OutsideProject
beforeAll(async () => {
  project = await newOutsideProject()
})
afterAll(() => project?.remove())

/** What each generator is told, and where it writes. */
const generators: [string, (made: OutsideProject) => Promise<unknown>][] = [
  [
    'openapi-typescript',
    ({ tool }) =>
      tool(['openapi-typescript', DOCUMENTS.all, '--output', 'generated/openapi-typescript/schema.d.ts']),
  ],
  ['hey-api', ({ tool }) => tool(['openapi-ts', '--input', DOCUMENTS.all, '--output', 'generated/hey-api'])],
  [
    'orval with Zod',
    ({ folder, tool }) => {
      const override = { zod: { generateEachHttpStatus: true, strict: { body: true } } }
      const output = { client: 'zod', mode: 'single', target: 'generated/zod/bazaar.ts', override }
      const settings = JSON.stringify({ bazaar: { input: DOCUMENTS.all, output } })
      writeFileSync(join(folder, 'orval.config.mjs'), `export default ${settings}\n`)
      return tool(['orval', '--config', 'orval.config.mjs'])
    },
  ],
]

test.each(generators)('%s makes a client of the document of all services', async (_, generate) => {
  await generate(project)
})

test('the programs compile under strict settings, but for what they say must not', async () => {
  const { folder } = project
  expect(await run([TYPESCRIPT, '--project', folder], { folder })).toBe('')
}, 600_000)

test.each(['openapi-fetch', 'hey-api', 'zod'])(
  'a program with %s goes the main line, from sign-up to the stock that comes back',
  async (program) => {
    await unlessBusy(() => run([process.execPath, `${program}.ts`], project))
  },
)
