import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import type { ServiceName } from './databases.ts'
import { runQuietly } from './install-programs.ts'
import { privateFolder, repositoryFolder } from './paths.ts'
import { findProgram, versionOf } from './programs.ts'
import { StackError } from './stack-error.ts'

/** What runs the services: the program, and which kind it is. */
export type Runtime = { kind: 'bun' | 'deno'; program: string }

const packageJson = Type.Object({ engines: Type.Object({ bun: Type.String(), deno: Type.String() }) })

/**
 * The runtime of that kind. Bun is the one that runs this; Deno of the pinned version is looked for, and
 * installed privately from its npm package when it is not there.
 */
export async function findRuntime(kind: string): Promise<Runtime> {
  if (kind === 'bun') return { kind, program: process.execPath }
  if (kind !== 'deno')
    throw new StackError(`Cannot use BAZAAR_RUNTIME "${kind}": it is either "bun" or "deno".`)
  const { deno: version } = await pinnedVersions()
  return { kind, program: (await installedDeno(version)) ?? (await installDeno(version)) }
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
  const program = await findProgram('deno')
  return program && (await versionOf(program)).startsWith(`deno ${version} `) ? program : undefined
}

async function installDeno(version: string): Promise<string> {
  const folder = join(privateFolder, 'deno')
  await mkdir(folder, { recursive: true })
  const program = join(folder, 'node_modules', '.bin', 'deno')
  if ((await findProgram('deno', [join(folder, 'node_modules', '.bin')])) !== undefined) {
    if ((await versionOf(program)).startsWith(`deno ${version} `)) return program
  }
  await runQuietly([process.execPath, 'add', '--cwd', folder, '--exact', `deno@${version}`], { folder })
  return program
}

/** The command that runs a service. Its own folder is the working folder. */
export function runtimeCommand(runtime: Runtime, service: ServiceName): [string, ...string[]] {
  const main = join(repositoryFolder, 'services', service, 'src', 'main.ts')
  if (runtime.kind === 'bun') return [runtime.program, '--no-env-file', main]
  return [runtime.program, 'run', ...denoPermissions(), main]
}

/** All that a service may do under Deno: nothing is written, nothing is run. */
export function denoPermissions(): string[] {
  return [
    '--no-prompt',
    '--cached-only',
    '--unstable-no-legacy-abort',
    // Listens on its port; calls its stores and the other services.
    '--allow-net',
    // Its configuration, and the variables that libraries look at.
    '--allow-env',
    // Its own sources, migrations and packages.
    `--allow-read=${repositoryFolder}`,
    // The native part of bcrypt, and of sharp for the images.
    `--allow-ffi=${repositoryFolder}`,
    // Process id, host name and memory, for logs and metrics.
    '--allow-sys',
  ]
}
