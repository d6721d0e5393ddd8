import { getTableColumns, getTableName, is, sql, Table } from 'drizzle-orm'
import type { Health } from '../process/health.ts'
import { startWorker, type Worker } from '../process/worker.ts'
import type { Log } from '../telemetry/log.ts'
import { type Connection, type Database, type Reader, repeatably } from './database.ts'
import { deniedRight, isMissingTable } from './errors.ts'

/** All tables of a service, as its modules export them, and the tables to which it only adds rows. */
export type OwnTables = { exported: readonly object[]; appendOnly?: readonly Table[] }

const PROVED_EVERY_MS = 10_000

/**
 * Finds the rights on its tables that a service's account lacks. Each right is tested by using it in a statement that
 * touches no row. The right to lock rows needs no test of its own, because MySQL requires the right to change them
 * for it.
 *
 * @returns a line for the operator for each missing thing, such as the statement that grants the right.
 * @throws {DependencyUnavailable} when the database cannot be used at all.
 */
export async function missingRights(database: Database, own: OwnTables): Promise<string[]> {
  const { exported, appendOnly = [] } = own
  const tables = exported.flatMap((module) => Object.values(module)).filter((one) => is(one, Table))
  return repeatably(database, async (connection) => {
    const missing: string[] = []
    for (const table of tables)
      missing.push(...(await missingFor(connection, table, appendOnly.includes(table))))
    return missing
  })
}

/** The statements that test each right on a table; each also needs the rights before it. */
const PROOFS = {
  SELECT: (table: string) => `select 1 from ${table} where false`,
  INSERT: (table: string) => `insert into ${table} select * from ${table} where false`,
  UPDATE: (table: string, column: string) => `update ${table} set ${column} = ${column} where false`,
  DELETE: (table: string) => `delete from ${table} where false`,
}
const ADDING = ['SELECT', 'INSERT'] as const
const CHANGING = [...ADDING, 'UPDATE', 'DELETE'] as const

async function missingFor(connection: Connection, table: Table, isAppendOnly: boolean): Promise<string[]> {
  const name = getTableName(table)
  const column = Object.values(getTableColumns(table))[0]?.name ?? ''
  const missing: string[] = []
  for (const right of isAppendOnly ? ADDING : CHANGING) {
    try {
      await connection.execute(sql.raw(PROOFS[right](`\`${name}\``, `\`${column}\``)))
    } catch (error) {
      if (isMissingTable(error)) return [`the table ${name}, which this service's migrations create`]
      const denied = deniedRight(error)
      if (denied === undefined) throw error
      if (denied === right) missing.push(await grantOf(connection, right, name))
    }
  }
  return missing
}

async function grantOf(connection: Reader, right: string, table: string): Promise<string> {
  const [row] = await connection
    .select({ database: sql<string>`database()`, account: sql<string>`current_user()` })
    .from(sql`dual`)
  const account = `'${row?.account.replace(/@(?=[^@]*$)/, "'@'")}'`
  return `GRANT ${right} ON \`${row?.database}\`.\`${table}\` TO ${account}`
}

/**
 * Checks the rights of a service at once, and then again and again. Until all are there, the service is not ready and
 * says what is missing. Otherwise a marketplace that lacks one right might sell nothing while everything looks well.
 */
export function watchRights(options: {
  database: Database
  own: OwnTables
  health: Health
  log: Log
  everyMs?: number
}): Worker {
  const { database, own, health, log, everyMs = PROVED_EVERY_MS } = options
  let problem: string | undefined = 'the database rights have not been checked yet'
  const worker = startWorker({
    name: 'proof of rights',
    log,
    everyMs,
    async round() {
      const missing = await missingRights(database, own)
      const found = missing.length > 0 ? `missing in the database: ${missing.join('; ')}` : undefined
      if (found && found !== problem)
        log.error({ missing }, 'this service cannot do its work: rights are missing')
      problem = found
      return 'done'
    },
  })
  health.checks['rights'] = async () => {
    // The next check must notice rights that were granted in the meantime.
    if (problem) worker.wake()
    return problem
  }
  return worker
}
