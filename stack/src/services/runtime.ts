import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { privateFolder, repositoryFolder } from '../paths.ts'
import { runQuietly } from '../processes/run-quietly.ts'
import { findProgram, outputOf } from '../programs/programs.ts'
import type { Progress } from '../progress.ts'
import type { ServiceName } from '../servers/databases.ts'
import { StackError } from '../stack-error.ts'
import { denoPermissions } from './deno-permissions.ts'

/** The runtime of the services: the program, and its kind. */
export type Runtime = { kind: 'bun' | 'deno'; program: string }

const DENO_FOLDER = join(privateFolder, 'deno')

const packageJson = Type.Object({ engines: Type.Object({ bun: Type.String(), deno: Type.String() }) })
const aboutDeno = Type.Object({ version: Type.String(), path: Type.String() })

/**
 * The runtime of that kind. Bun is the one that runs this. Deno is used in the pinned version, and installed
 * privately from its npm package if it is missing.
 */
export async function findRuntime(kind: string, progress: Progress, signal?: AbortSignal): Promise<Runtime> {
  if (kind === 'bun') return { kind, program: process.execPath }
  if (kind !== 'deno')
    throw new StackError(`Cannot use BAZAAR_RUNTIME "${kind}": it must be "bun" or "deno".`)
  const { deno: version } = await pinnedVersions()
  const program =
    (await installedDeno(version)) ??
    (await progress.step(`Install Deno ${version}`, () => installDeno(version, signal)))
  return { kind, program }
}

/** The versions of the runtimes that package.json pins. */
export async function pinnedVersions(): Promise<{ bun: string; deno: string }> {
  const parsed: unknown = JSON.parse(await readFile(join(repositoryFolder, 'package.json'), 'utf8'))
  if (!Value.Check(packageJson, parsed)) {
    throw new StackError('Cannot find the versions of Bun and Deno under "engines" in package.json.')
  }
  return parsed.engines
}

async function installedDeno(version: string): Promise<string | undefined> {
  return (
    (await realDeno(await findProgram('deno'), version)) ?? (await realDeno(await privateDeno(), version))
  )
}

/** The npm package brings the program in a package for the platform; nothing of it has to run to install it. */
async function installDeno(version: string, signal: AbortSignal | undefined): Promise<string> {
  await mkdir(DENO_FOLDER, { recursive: true })
  // With a package.json of its own, Bun does not treat this as part of the repository.
  const manifest = { private: true, dependencies: { deno: version } }
  await writeFile(join(DENO_FOLDER, 'package.json'), JSON.stringify(manifest))
  await runQuietly([process.execPath, 'install', '--no-save'], {
    folder: DENO_FOLDER,
    ...(signal && { signal }),
  })
  const program = await realDeno(await privateDeno(), version)
  if (program) return program
  throw new StackError(`Cannot get Deno ${version} from npm. Install it yourself: https://docs.deno.com`)
}

async function privateDeno(): Promise<string | undefined> {
  const platforms = join(DENO_FOLDER, 'node_modules', '@deno')
  const names = await readdir(platforms).catch(() => [])
  return await findProgram(
    'deno',
    names.map((name) => join(platforms, name)),
  )
}

/**
 * The program, if it is Deno of that version. npm's `deno` is a script that passes no signals on, so the program that
 * it runs is used instead.
 */
async function realDeno(program: string | undefined, version: string): Promise<string | undefined> {
  if (program === undefined) return undefined
  const script = 'console.log(JSON.stringify({ version: Deno.version.deno, path: Deno.execPath() }))'
  const about: unknown = JSON.parse(await outputOf(program, ['eval', '--no-config', script]))
  return Value.Check(aboutDeno, about) && about.version === version ? about.path : undefined
}

/** The command that runs a service, in the service's own folder. */
export function runtimeCommand(
  runtime: Runtime,
  { service, environment }: { service: ServiceName | 'shop'; environment: Readonly<Record<string, string>> },
): [string, ...string[]] {
  const folder = service === 'shop' ? [service] : ['services', service]
  const main = join(repositoryFolder, ...folder, 'src', 'main.ts')
  if (runtime.kind === 'bun') return [runtime.program, '--no-env-file', main]
  const permissions = denoPermissions(service, environment)
  return [runtime.program, 'run', '--cached-only', '--unstable-no-legacy-abort', ...permissions, main]
}
