import { afterAll, beforeAll, expect, test } from 'bun:test'
import { randomBytes, randomInt } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { newProject, type Project, run } from './installed.ts'
import { RUNTIMES, type RuntimeName, runWith } from './runtimes.ts'
import { unlessBusy } from './unless-busy.ts'
import { baseUrls } from './world.ts'

/*
 * The examples of the README are one program. Here it runs as it stands, but for people of its own and the addresses of
 * the stack under test, and must print what its comments say.
 */

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const examples = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code)

/** Node and Bun have no `sessionStorage`; this one is as that of a new tab. */
const STORAGE = `if (!globalThis.sessionStorage) {
  const kept = new Map()
  globalThis.sessionStorage = {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => kept.set(name, value),
    removeItem: (name) => kept.delete(name),
    get length() { return kept.size },
  }
}
`

let project: Project
beforeAll(async () => {
  project = await newProject()
})
afterAll(() => project?.remove())

test('the examples of the README are all there', () => {
  expect(examples.length).toBeGreaterThan(8)
  expect(readme.match(/^```ts$/gm)).toHaveLength(examples.length)
})

test('the examples of the README have no type errors', async () => {
  const options = {
    extends: join(ROOT, 'tsconfig.json'),
    compilerOptions: { types: ['node'], typeRoots: [join(ROOT, 'node_modules/@types')] },
    files: ['readme.ts'],
  }
  writeFileSync(join(project.folder, 'readme.ts'), examples.join('\n'))
  writeFileSync(join(project.folder, 'tsconfig.json'), JSON.stringify(options))
  await run([join(ROOT, 'node_modules/.bin/tsc'), '--noEmit'], { folder: project.folder })
})

test.each(RUNTIMES)('the examples of the README print what they say under %s', async (runtime) => {
  const printed = await unlessBusy(() => runExamples(runtime))
  expect(printed.trim().split('\n')).toEqual(promised())
})

async function runExamples(runtime: RuntimeName): Promise<string> {
  const { folder } = project
  const file = `program-${runtime}.mjs`
  writeFileSync(join(folder, 'program.ts'), forStack(examples.join('\n')))
  await run([process.execPath, 'build', '--no-bundle', 'program.ts', '--outfile', file], project)
  writeFileSync(join(folder, file), `${STORAGE}${readFileSync(join(folder, file), 'utf8')}`)
  return await runWith(runtime, { folder, file })
}

/** What the comments behind `console.log` say that is printed. */
function promised(): string[] {
  return examples
    .flatMap((code) => [...code.matchAll(/console\.log\(.*\) \/\/ (.*)$/gm)])
    .flatMap(([, text = '']) => text.split(', '))
}

/** The program with the addresses of the stack under test, and with people that nobody else is. */
function forStack(code: string): string {
  expect(code).toContain('localServices()')
  const unique = randomBytes(6).toString('hex')
  return code
    .replaceAll('localServices()', JSON.stringify(baseUrls))
    .replaceAll('@example.com', `.${unique}@example.com`)
    .replaceAll(/\+49 151 \d{4} \d{4}/g, () => `+49 151 ${randomInt(10 ** 8, 10 ** 9)}`)
}
