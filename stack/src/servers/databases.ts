import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Connection, createConnection, type ResultSetHeader } from 'mysql2/promise'
import { repositoryFolder } from '../paths.ts'
import type { Secrets } from '../services/secrets.ts'
import { codeOf, messageOf, StackError } from '../stack-error.ts'

/** The services in the order of their ports. */
export const SERVICES = ['iam', 'user', 'inventory', 'order'] as const
/** One of the four services. */
export type ServiceName = (typeof SERVICES)[number]

/** The tables to which a service only adds, because the history of stock and orders is never rewritten. */
const APPEND_ONLY: readonly string[] = ['stock_movements', 'order_events']
const CHANGING_PRIVILEGES = 'UPDATE, DELETE'
const SERVICE_PRIVILEGES = `SELECT, INSERT, ${CHANGING_PRIVILEGES}`
const MIGRATOR_PRIVILEGES = `${SERVICE_PRIVILEGES}, CREATE, ALTER, DROP, INDEX, REFERENCES, TRIGGER, CREATE VIEW`
const CONNECT_TIMEOUT_MS = 5_000

/** The database server, and what distinguishes this stack's databases on it. */
export type DatabaseServer = {
  /** The administrator's URL, without a database. */
  adminUrl: string
  /** The prefix of the names of databases and users. */
  prefix: string
  /** The hosts that users may connect from, as MySQL writes them. */
  userHost: string
}

/** The URL with which a service, or the migrator, reaches the service's database. */
export function databaseUrl(
  server: DatabaseServer,
  options: { account: ServiceName | 'migrator'; service: ServiceName; secrets: Secrets },
): string {
  const url = new URL(server.adminUrl)
  url.username = userName(server, options.account)
  url.password = options.secrets.passwords[options.account] ?? ''
  url.pathname = `/${databaseName(server, options.service)}`
  return url.href
}

/**
 * Creates whatever is missing: one database for each service, a user for each who may only read and write rows there,
 * and the migrator, which alone may change tables. Repeatable. Returns the services whose database is new.
 * @throws {StackError} when the server cannot be reached or the administrator may not do this.
 */
export async function ensureDatabases(server: DatabaseServer, secrets: Secrets): Promise<ServiceName[]> {
  const connection = await connectAsAdmin(server)
  try {
    const created: ServiceName[] = []
    for (const service of SERVICES) {
      const [result] = await connection.query<ResultSetHeader>(
        `CREATE DATABASE IF NOT EXISTS \`${databaseName(server, service)}\` CHARACTER SET utf8mb4`,
      )
      if (result.affectedRows > 0) created.push(service)
    }
    for (const statement of accountStatements(server, { secrets, services: SERVICES }))
      await connection.query(statement)
    return created
  } catch (error) {
    throw new StackError(
      `Cannot create the databases: the server answered ${codeOf(error) ?? messageOf(error)}.`,
    )
  } finally {
    await connection.end()
  }
}

/** Deletes the databases and accounts of a stack with everything in them. */
export async function dropDatabases(server: DatabaseServer): Promise<void> {
  const connection = await connectAsAdmin(server)
  try {
    for (const service of SERVICES)
      await connection.query(`DROP DATABASE IF EXISTS \`${databaseName(server, service)}\``)
    for (const name of ['migrator', ...SERVICES])
      await connection.query(`DROP USER IF EXISTS '${userName(server, name)}'@'${server.userHost}'`)
  } finally {
    await connection.end()
  }
}

/** The statements that make the accounts of these services and their migrator, and give them their rights. */
export function accountStatements(
  server: DatabaseServer,
  { secrets, services }: { secrets: Secrets; services: readonly ServiceName[] },
): string[] {
  const account = (name: ServiceName | 'migrator') => `'${userName(server, name)}'@'${server.userHost}'`
  const createUser = (name: ServiceName | 'migrator') => [
    `CREATE USER IF NOT EXISTS ${account(name)} IDENTIFIED BY '${secrets.passwords[name]}'`,
    `ALTER USER ${account(name)} IDENTIFIED BY '${secrets.passwords[name]}'`,
  ]
  return [
    ...createUser('migrator'),
    ...services.flatMap((service) => {
      // In the name of a grant, an unescaped underscore stands for any character.
      const pattern = `\`${databaseName(server, service).replaceAll('_', '\\_')}\`.*`
      return [
        ...createUser(service),
        `GRANT ${SERVICE_PRIVILEGES} ON ${pattern} TO ${account(service)}`,
        // From here on, rows may be changed and removed only with a grant for their table.
        ...changeableTables(service).flatMap((table) => {
          const place = `\`${databaseName(server, service)}\`.\`${table}\``
          return [
            // A missing table can be granted only together with CREATE, which no account keeps.
            `GRANT CREATE, ${CHANGING_PRIVILEGES} ON ${place} TO ${account(service)}`,
            `REVOKE CREATE ON ${place} FROM ${account(service)}`,
          ]
        }),
        `REVOKE ${CHANGING_PRIVILEGES} ON ${pattern} FROM ${account(service)}`,
        `GRANT ${MIGRATOR_PRIVILEGES} ON ${pattern} TO ${account('migrator')}`,
      ]
    }),
  ]
}

/** The tables of a service, as its migrations make them, in which rows may be changed and removed. */
function changeableTables(service: ServiceName): string[] {
  const folder = join(repositoryFolder, 'services', service, 'migrations', 'meta')
  const newest = readdirSync(folder)
    .filter((name) => name.endsWith('_snapshot.json'))
    .sort()
    .at(-1)
  const snapshot: { tables: Record<string, unknown> } = JSON.parse(
    readFileSync(join(folder, newest ?? ''), 'utf8'),
  )
  return Object.keys(snapshot.tables)
    .filter((table) => !APPEND_ONLY.includes(table))
    .sort()
}

function databaseName(server: DatabaseServer, service: ServiceName): string {
  return `${server.prefix}_${service}`
}

function userName(server: DatabaseServer, account: string): string {
  return `${server.prefix}_${account}`
}

async function connectAsAdmin(server: DatabaseServer): Promise<Connection> {
  try {
    return await createConnection({ uri: server.adminUrl, connectTimeout: CONNECT_TIMEOUT_MS })
  } catch (error) {
    const host = new URL(server.adminUrl).host
    throw new StackError(`Cannot reach MySQL at ${host}: ${codeOf(error) ?? messageOf(error)}.`)
  }
}
