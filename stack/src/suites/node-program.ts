import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { privateFolder } from '../paths.ts'
import { runQuietly } from '../processes/run-quietly.ts'
import { findProgram, versionOf } from '../programs/programs.ts'
import type { Progress } from '../progress.ts'
import { StackError } from '../stack-error.ts'

const NODE_FOLDER = join(privateFolder, 'node')
/** The versions that the client promises to run on, and the one to install if there is none. */
const OLDEST_MAJOR = 20
const INSTALLED_VERSION = '20.20.2'

/**
 * Node, which only the tests of the client need: this machine's own, or one installed privately from its npm package.
 * @throws {StackError} when there is none.
 */
export async function findNode(progress: Progress, signal?: AbortSignal): Promise<string> {
  const program = (await recentNode(await findProgram('node'))) ?? (await recentNode(await privateNode()))
  return program ?? (await progress.step(`Install Node ${INSTALLED_VERSION}`, () => installNode(signal)))
}

async function recentNode(program: string | undefined): Promise<string | undefined> {
  if (program === undefined) return undefined
  const [, major] = (await versionOf(program)).match(/^v(\d+)\./) ?? []
  return Number(major) >= OLDEST_MAJOR ? program : undefined
}

/** The package of a platform brings the program; nothing of it has to run to install it. */
const packageName = `node-${process.platform}-${process.arch}`

async function installNode(signal: AbortSignal | undefined): Promise<string> {
  await mkdir(NODE_FOLDER, { recursive: true })
  // With a package.json of its own, Bun does not treat this as part of the repository.
  const manifest = { private: true, dependencies: { [packageName]: INSTALLED_VERSION } }
  await writeFile(join(NODE_FOLDER, 'package.json'), JSON.stringify(manifest))
  await runQuietly([process.execPath, 'install', '--no-save'], {
    folder: NODE_FOLDER,
    ...(signal && { signal }),
  })
  const program = await recentNode(await privateNode())
  if (program) return program
  throw new StackError(
    `Cannot get Node ${INSTALLED_VERSION} from npm. Install it yourself: https://nodejs.org`,
  )
}

function privateNode(): Promise<string | undefined> {
  return findProgram('node', [join(NODE_FOLDER, 'node_modules', packageName, 'bin')])
}
