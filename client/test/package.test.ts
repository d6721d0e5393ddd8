import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { publint } from 'publint'
import { newProject, type Project, run } from './installed.ts'
import { RUNTIMES, runWith } from './runtimes.ts'
import { unlessBusy } from './unless-busy.ts'

const SIZE_MAX_BYTES = 15 * 1_024
const MAIN_LINE = fileURLToPath(new URL('main-line-program.ts', import.meta.url))

let project: Project
let installed: string

beforeAll(async () => {
  project = await newProject()
  installed = join(project.folder, 'node_modules', '@bazaar', 'client')
})
afterAll(() => project?.remove())

describe('the package', () => {
  test('has one module, its types and no dependency', () => {
    const files = readdirSync(installed, { recursive: true }).map(String).sort()
    expect(files.filter((file) => !file.endsWith('.d.ts'))).toEqual([
      'LICENSE',
      'README.md',
      'dist',
      'dist/bazaar.js',
      'package.json',
    ])
    const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
    const kinds = Object.keys(manifest).filter((key) => /dependencies$/i.test(key))
    expect([kinds, manifest.private]).toEqual([[], undefined])
  })

  test('is small, and has nothing of what checks schemas', () => {
    const code = readFileSync(join(installed, 'dist', 'bazaar.js'))
    expect(gzipSync(code).byteLength).toBeLessThan(SIZE_MAX_BYTES)
    expect(code.toString()).not.toMatch(/^import |typebox|elysia|minLength|node:|\bBun\b|\bDeno\b/im)
  })

  test('is well made, says publint', async () => {
    const { messages } = await publint({ pkgDir: installed, pack: false, strict: true })
    expect(messages).toEqual([])
  })

  test('has types that are found by every resolution of ES modules, says attw', async () => {
    const attw = fileURLToPath(new URL('../node_modules/.bin/attw', import.meta.url))
    const command = [process.execPath, attw, project.tarball, '--profile', 'esm-only', '--no-emoji']
    const said = await run([...command, '--format', 'ascii'], { folder: project.folder })
    expect(said).toMatch(/node16 \(from ESM\): OK.*bundler: OK/s)
  })
})

describe.each(RUNTIMES)('under %s', (runtime) => {
  test('a shop is opened, an order placed, cancelled, and its stock comes back', async () => {
    const program = { folder: project.folder, file: 'main-line.mjs' }
    const file = join(project.folder, program.file)
    await run([process.execPath, 'build', MAIN_LINE, '--packages=external', '--outfile', file], project)
    expect(await unlessBusy(() => runWith(runtime, program))).toBe('done\n')
  })
})
