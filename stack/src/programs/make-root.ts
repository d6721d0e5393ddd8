import { chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { isThere } from '../is-there.ts'
import { privateFolder } from '../paths.ts'
import { startOf } from '../processes/process-table.ts'
import { runQuietly } from '../processes/run-quietly.ts'
import { codeOf, StackError } from '../stack-error.ts'
import { runInstaller } from './install-programs.ts'
import { findProgram } from './programs.ts'
import type { StoreRow } from './store-rows.ts'

/** One root for each row, for all stacks of this copy of the repository. */
const ROOTS_FOLDER = join(privateFolder, 'stores')
const HOSTS = '127.0.0.1 localhost\n::1 localhost\n'
const MAKER_PACKAGES = ['mmdebstrap', 'debian-archive-keyring']

type Options = { note: (text: string) => void; signal: AbortSignal }

/**
 * The root in which the stores of a row are installed, made of Debian's packages if it does not exist yet. That takes
 * a minute or more and half a gigabyte to one gigabyte.
 * @throws {StackError} when this machine cannot have one.
 */
export async function ensureRoot(row: StoreRow, options: Options): Promise<string> {
  const root = join(ROOTS_FOLDER, row.name)
  if (await isThere(root)) return root
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new StackError(
      `Cannot run the stores "${row.name}" here: only root on Linux can. Run such servers yourself, and name them by BAZAAR_MYSQL_URL, BAZAAR_REDIS_URL and BAZAAR_RABBITMQ_URL.`,
    )
  }
  await ensureMaker(options)
  await makeRoot(row, root, options)
  return root
}

/** Made under another name first, so that an interrupted attempt is not mistaken for a root. */
async function makeRoot(row: StoreRow, root: string, { note, signal }: Options): Promise<void> {
  await mkdir(ROOTS_FOLDER, { recursive: true })
  await removeDeadAttempts(root)
  const attempt = `${root}.${process.pid}`
  note(`installing ${row.packages.join(', ')} of Debian ${row.suite}`)
  await runQuietly([...DIES_WITH_PARENT, ...makerCommand(row, attempt)], { signal })
  // If possible, the servers run as users other than root, who need access.
  await chmod(attempt, 0o755)
  await writeFile(join(attempt, 'etc', 'hosts'), HOSTS)
  await rename(attempt, root).catch(async (error: unknown) => {
    // Another stack was faster.
    if (codeOf(error) !== 'ENOTEMPTY' && codeOf(error) !== 'EEXIST') throw error
    await rm(attempt, { recursive: true })
  })
}

/** Its mounts and processes end with it, and it ends with this process, in whatever way. */
const DIES_WITH_PARENT = [
  ...['setpriv', '--pdeathsig', 'KILL'],
  ...['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'],
]

function makerCommand(row: StoreRow, folder: string): string[] {
  return [
    'mmdebstrap',
    '--variant=minbase',
    `--include=${row.packages.join(',')}`,
    // A mirror may lag behind; the signature still proves that its list is Debian's.
    '--aptopt=Acquire::Check-Valid-Until "false"',
    row.suite,
    folder,
  ]
}

async function ensureMaker({ note, signal }: Options): Promise<void> {
  if (await findProgram('mmdebstrap')) return
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...MAKER_PACKAGES]
  if (!(await findProgram('apt-get')))
    throw new StackError('Cannot find mmdebstrap. Install it with your package manager, then try again.')
  note(`installing ${MAKER_PACKAGES.join(', ')}`)
  for (const command of [['apt-get', 'update'], install]) await runInstaller(command, { signal })
}

/** The unfinished work of processes that were killed. */
async function removeDeadAttempts(root: string): Promise<void> {
  for (const name of await readdir(ROOTS_FOLDER)) {
    const path = join(ROOTS_FOLDER, name)
    const [, pid] = path.startsWith(`${root}.`) ? (name.match(/\.(\d+)$/) ?? []) : []
    if (pid && (await startOf(Number(pid))) === undefined) await rm(path, { recursive: true })
  }
}
