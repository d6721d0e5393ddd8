import { execFile } from 'node:child_process'
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import { createConnection } from 'mysql2/promise'
import { isThere } from '../is-there.ts'
import type { StackPaths } from '../paths.ts'
import type { ServerSpec } from '../processes/guarded-process.ts'
import { runQuietly } from '../processes/run-quietly.ts'
import type { DatabaseProgram } from '../programs/programs.ts'
import { inRoot } from '../programs/server-root.ts'
import { codeOf } from '../stack-error.ts'
import { OWNER_ONLY } from '../stack-folder.ts'
import { databaseUser } from './server-user.ts'

const run = promisify(execFile)
const PROBE_TIMEOUT_MS = 1_000

/*
 * All paths given to the server are relative to its folder, because a socket's full path may have only about a
 * hundred characters, and the installer cannot handle spaces.
 */

/** The access to the private database, and its administrator. */
export type DatabaseAccess = { port: number; adminPassword: string }

/**
 * Prepares the private MariaDB or MySQL of a stack: creates its data folder the first time, and lets only an
 * administrator with a password in. Every commit is flushed to the disk before it is acknowledged.
 */
export async function prepareDatabase(
  program: DatabaseProgram,
  options: { paths: StackPaths; access: DatabaseAccess; root: string | undefined; signal: AbortSignal },
): Promise<ServerSpec> {
  const folder = join(options.paths.stores, program.kind)
  await mkdir(folder, { recursive: true, mode: OWNER_ONLY })
  const { root } = options
  const user = await databaseUser(options.paths, root)
  if (user) await run('chown', [user, folder])
  if (!(await isThere(join(folder, 'data'))))
    await makeDataFolder(program, { folder, user, root, signal: options.signal })
  // The repository may have moved to a place where another user than last time has access.
  if (user) await run('chown', ['-R', user, join(folder, 'data')])
  await writeInitFile(program, { folder, adminPassword: options.access.adminPassword, user })
  return {
    name: 'database',
    command: [program.server, ...serverOptions(program, { folder, user, port: options.access.port })],
    root,
    folder,
    environment: process.env,
    graceSeconds: 30,
    probe: () => canConnect(options.access),
    readyWithinMs: 60_000,
  }
}

/** The administrator's URL of the private database. */
export function databaseAdminUrl(access: DatabaseAccess): string {
  return `mysql://admin:${access.adminPassword}@127.0.0.1:${access.port}`
}

function serverOptions(
  program: DatabaseProgram,
  { folder, user, port }: { folder: string; user: string | undefined; port: number },
): string[] {
  return [
    '--no-defaults',
    '--datadir=./data',
    '--socket=server.sock',
    '--pid-file=server.pid',
    `--init-file=${join(folder, 'init.sql')}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    '--skip-name-resolve',
    '--skip-log-bin',
    '--local-infile=0',
    '--character-set-server=utf8mb4',
    '--max-connections=300',
    // Only this shows the holders of locks in MySQL; MariaDB shows them elsewhere.
    `--performance-schema=${program.kind === 'mysql' ? 'ON' : 'OFF'}`,
    '--innodb-buffer-pool-size=128M',
    '--innodb-flush-log-at-trx-commit=1',
    '--innodb-lock-wait-timeout=3',
    ...(program.kind === 'mysql' ? ['--mysqlx=OFF'] : []),
    ...(user ? [`--user=${user}`] : []),
  ]
}

/** Made under another name first, so that an interrupted attempt is not mistaken for a database. */
async function makeDataFolder(
  program: DatabaseProgram,
  options: {
    folder: string
    user: string | undefined
    root: string | undefined
    signal: AbortSignal
  },
): Promise<void> {
  const { folder, user, root, signal } = options
  const asUser = user ? [`--user=${user}`] : []
  await rm(join(folder, 'data.new'), { recursive: true, force: true })
  await mkdir(join(folder, 'data.new'), { mode: 0o750 })
  if (user && user !== 'root') await run('chown', [user, join(folder, 'data.new')])
  const command: readonly [string, ...string[]] =
    program.kind === 'mariadb'
      ? [
          program.installer,
          '--no-defaults',
          '--datadir=./data.new',
          '--auth-root-authentication-method=normal',
          '--skip-test-db',
          '--skip-name-resolve',
          ...asUser,
        ]
      : [program.server, '--no-defaults', '--initialize-insecure', `--datadir=${folder}/data.new`, ...asUser]
  await runQuietly(inRoot(root, { folder, command }), { folder, signal })
  await rename(join(folder, 'data.new'), join(folder, 'data'))
}

/** Statements that the server runs at every start before it lets anybody in. Each statement is one line. */
async function writeInitFile(
  program: DatabaseProgram,
  { folder, adminPassword, user }: { folder: string; adminPassword: string; user: string | undefined },
): Promise<void> {
  const path = join(folder, 'init.sql')
  const statements = [
    ...closeInstalledAccounts(program),
    `CREATE USER IF NOT EXISTS 'admin'@'127.0.0.1' IDENTIFIED BY '${adminPassword}'`,
    `ALTER USER 'admin'@'127.0.0.1' IDENTIFIED BY '${adminPassword}'`,
    "GRANT ALL PRIVILEGES ON *.* TO 'admin'@'127.0.0.1' WITH GRANT OPTION",
  ]
  await writeFile(path, `${statements.join(';\n')};\n`, { mode: 0o600 })
  await chmod(path, 0o600)
  if (user && user !== 'root') await run('chown', [user, path])
}

/**
 * Removes the accounts that installers create, which have no password or let the system identify the caller. MariaDB
 * has a root account for every name that the machine had at that time, and only its table of accounts knows them.
 */
function closeInstalledAccounts(program: DatabaseProgram): string[] {
  const accounts = program.kind === 'mysql' ? 'mysql.user' : 'mysql.global_priv'
  return [
    `DELETE FROM ${accounts} WHERE User IN ('', 'root', 'mysql')`,
    "DELETE FROM mysql.proxies_priv WHERE User IN ('', 'root', 'mysql')",
    'FLUSH PRIVILEGES',
  ]
}

async function canConnect(access: DatabaseAccess): Promise<boolean> {
  try {
    const connection = await createConnection({
      uri: databaseAdminUrl(access),
      connectTimeout: PROBE_TIMEOUT_MS,
    })
    await connection.end()
    return true
  } catch (error) {
    if (codeOf(error) === undefined) throw error
    return false
  }
}
