import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const CLIENT = fileURLToPath(new URL('..', import.meta.url))
const ROOT = join(CLIENT, '..')

/**
 * Writes the package as it is published into an empty folder: one module for every runtime, its types, the README and a
 * manifest without anything that only this repository needs.
 */
export function writePackage(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
  const code = join(folder, 'dist')
  mkdirSync(code, { recursive: true })
  const entry = join(CLIENT, 'src', 'bazaar.ts')
  run(process.execPath, [
    'build',
    entry,
    '--target=browser',
    '--format=esm',
    '--packages=external',
    `--outdir=${code}`,
  ])
  run(join(ROOT, 'node_modules/.bin/tsc'), [
    '--project',
    join(CLIENT, 'tsconfig.build.json'),
    '--outDir',
    code,
  ])
  for (const name of readdirSync(code).filter((one) => one.endsWith('.d.ts'))) nameByOutput(join(code, name))
  copyFileSync(join(CLIENT, 'README.md'), join(folder, 'README.md'))
  copyFileSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'))
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`)
}

/** The types import each other by the names that the files have here, where they end in `.js`. */
function nameByOutput(path: string): void {
  const text = readFileSync(path, 'utf8')
  writeFileSync(path, text.replaceAll(/((?:from|import\()\s?'\.\/[a-z-]+)\.ts'/g, "$1.js'"))
}

function manifest(): object {
  const { name, version, license, description } = JSON.parse(
    readFileSync(join(CLIENT, 'package.json'), 'utf8'),
  )
  return {
    name,
    version,
    description,
    license,
    type: 'module',
    exports: { '.': { types: './dist/bazaar.d.ts', default: './dist/bazaar.js' } },
    files: ['dist'],
    sideEffects: false,
    engines: { node: '>=20.3' },
  }
}

function run(program: string, args: string[]): void {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd: ROOT, encoding: 'utf8' })
  if (error) throw error
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}${stderr}`)
}

if (import.meta.main) {
  const folder = resolve(process.argv[2] ?? join(CLIENT, 'dist'))
  writePackage(folder)
  process.stdout.write(`${folder}\n`)
}
