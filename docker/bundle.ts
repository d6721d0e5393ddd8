import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

/*
 * `bun docker/bundle.ts services/iam /app` puts everything that a program needs to run, and nothing else, into a folder:
 * its code and the migrator as one file each, the files that they read, and packages with native code. The folders
 * keep their places, and what a file reads beside itself is beside the bundle.
 */

const repository = fileURLToPath(new URL('..', import.meta.url))
/** Packages with native code: they cannot be part of a bundle, so they are copied with what they depend on. */
const NATIVE: Readonly<Record<string, readonly string[]>> = { iam: ['@node-rs/bcrypt'], inventory: ['sharp'] }
/** What the Swagger page is made of; see shared/http/docs/page.ts. */
const PAGE_PARTS = ['package.json', 'swagger-ui-bundle.js', 'swagger-ui.css', 'favicon-32x32.png']

const [folder, target] = process.argv.slice(2)
if (!folder || !target || !existsSync(join(repository, folder, 'src/main.ts'))) {
  process.stderr.write('Usage: bun docker/bundle.ts <folder of the program> <folder>\n')
  process.exit(2)
}
const source = join(repository, folder)
const placed = join(target, folder)
const packages = join(target, 'node_modules')
const native = NATIVE[basename(folder)] ?? []
/** The shop has no data, and no Swagger page. */
const isService = existsSync(join(source, 'migrations'))

const operator = join(source, 'src/operate.ts')
bundle([
  join(source, 'src/main.ts'),
  // What an operator runs in the container, of those services that have something to operate on.
  ...(existsSync(operator) ? [operator] : []),
  ...(isService ? [join(repository, 'shared/migrate.ts')] : []),
  join(repository, 'docker/health.ts'),
])
for (const file of readdirSync(join(source, 'src'), { recursive: true, withFileTypes: true }))
  if (file.isFile() && !/\.tsx?$/.test(file.name))
    cpSync(join(file.parentPath, file.name), join(placed, 'src', file.name))
if (isService) {
  cpSync(join(source, 'migrations'), join(placed, 'migrations'), { recursive: true })
  cpSync(join(repository, 'shared/http/docs/assets'), join(placed, 'src/assets'), { recursive: true })
  const page = packageFolder('swagger-ui-dist', join(repository, 'shared'))
  for (const part of PAGE_PARTS) cpSync(join(page, part), join(packages, 'swagger-ui-dist', part))
}
for (const name of native) copyPackage(name, source)

function bundle(entries: string[]): void {
  mkdirSync(target ?? '', { recursive: true })
  const external = native.flatMap((name) => ['--external', name])
  const { status } = spawnSync(
    process.execPath,
    ['build', ...entries, '--root', repository, '--outdir', target ?? '', '--target', 'bun', ...external],
    { stdio: 'inherit' },
  )
  if (status !== 0) process.exit(1)
}

/** Copies a package and, beside it, all that it depends on and that is installed here. */
function copyPackage(name: string, dependent: string): void {
  const place = join(packages, name)
  if (existsSync(place)) return
  const folder = packageFolder(name, dependent)
  cpSync(folder, place, {
    recursive: true,
    filter: (file) => !file.slice(folder.length).includes('node_modules'),
  })
  const { dependencies = {}, optionalDependencies = {} }: Record<string, Record<string, string> | undefined> =
    JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  for (const needed of Object.keys(dependencies)) copyPackage(needed, folder)
  // Of the optional ones only those for this kind of machine are installed.
  for (const needed of Object.keys(optionalDependencies)) {
    if (findPackage(needed, folder)) copyPackage(needed, folder)
  }
}

function packageFolder(name: string, dependent: string): string {
  const found = findPackage(name, dependent)
  if (!found) throw new Error(`Cannot find the package ${name} from ${dependent}: it is not installed`)
  return found
}

function findPackage(name: string, dependent: string): string | undefined {
  for (let folder = dependent; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name)
    if (existsSync(candidate)) return realpathSync(candidate)
  }
  return undefined
}
