import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { access, realpath } from 'node:fs/promises'
import { basename, delimiter, dirname, join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'

/*
 * The servers are programs that are installed on the machine. Their folders are often not in an ordinary user's PATH,
 * and Debian's rabbitmq-server in PATH is a wrapper that changes the user.
 */

const run = promisify(execFile)

/** The three servers that a stack needs. */
export const STORES = ['mysql', 'redis', 'rabbitmq'] as const
/** One of the three servers. */
export type Store = (typeof STORES)[number]

/** A MySQL-compatible server; only MariaDB has a separate program that creates a data folder. */
export type DatabaseProgram =
  | { kind: 'mariadb'; server: string; installer: string }
  | { kind: 'mysql'; server: string }

/** The broker, and the small directory of Erlang nodes that it needs beside it. */
export type BrokerProgram = { server: string; epmd: string }

/** The programs found for the servers. */
export type Programs = {
  /** The root in which they are installed, if that is not this machine's own. */
  root?: string
  mysql?: DatabaseProgram
  redis?: string
  rabbitmq?: BrokerProgram
}

const FOLDERS = [
  ...(process.env['PATH'] ?? '').split(delimiter).filter(Boolean),
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
  '/sbin',
  '/opt/homebrew/sbin',
  '/opt/homebrew/bin',
  '/opt/homebrew/opt/mariadb/bin',
  '/usr/local/opt/mariadb/bin',
  '/opt/homebrew/opt/mysql/bin',
  '/usr/local/opt/mysql/bin',
]
const DEBIAN_RABBITMQ_FOLDER = '/usr/lib/rabbitmq/bin'

/** Looks for the servers on this machine. */
export async function findPrograms(): Promise<Programs> {
  const [mysql, redis, rabbitmq] = await Promise.all([findDatabase(), findRedis(), findBroker()])
  return { ...(mysql && { mysql }), ...(redis && { redis }), ...(rabbitmq && { rabbitmq }) }
}

/** The stores that were not found. */
export function missingPrograms(programs: Programs, needed: readonly Store[]): Store[] {
  return needed.filter((store) => programs[store] === undefined)
}

/** The full path of a program, or undefined when it is in none of the folders. */
export async function findProgram(
  name: string,
  folders: readonly string[] = FOLDERS,
): Promise<string | undefined> {
  for (const folder of folders) {
    const path = join(folder, name)
    const runnable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (runnable) return path
  }
  return undefined
}

async function findDatabase(): Promise<DatabaseProgram | undefined> {
  const mysqld = await findProgram('mysqld')
  const isMysql = mysqld !== undefined && !(await versionOf(mysqld)).includes('MariaDB')
  const server = (await findProgram('mariadbd')) ?? (isMysql ? undefined : mysqld)
  const installer = (await findProgram('mariadb-install-db')) ?? (await findProgram('mysql_install_db'))
  if (server && installer) return { kind: 'mariadb', server, installer }
  return isMysql ? { kind: 'mysql', server: mysqld } : undefined
}

async function findRedis(): Promise<string | undefined> {
  return (await findProgram('redis-server')) ?? (await findProgram('valkey-server'))
}

async function findBroker(): Promise<BrokerProgram | undefined> {
  const server = await findProgram('rabbitmq-server', [DEBIAN_RABBITMQ_FOLDER, ...FOLDERS])
  const erl = await findProgram('erl')
  if (!server || !erl || basename(await realpath(server)) === 'rabbitmq-script-wrapper') return undefined
  const epmd = await findProgram('epmd', [...FOLDERS, dirname(await realpath(erl))])
  return epmd === undefined ? undefined : { server, epmd }
}

/** The version that a program reports. */
export function versionOf(program: string): Promise<string> {
  return outputOf(program, ['--version'])
}

/** The standard output of a program. */
export async function outputOf(program: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run(program, args)
  return stdout.trim()
}
