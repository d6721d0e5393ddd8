import { sql } from 'drizzle-orm'
import { closeDatabase, connectDatabase, type Database, repeatably } from '../database/database.ts'
import { testLog } from './test-log.ts'

/*
 * What work costs, counted by the database in rows that it read: the same on a busy machine as on a quiet one.
 */

/** How many rows the database at that URL reads for some work, which is given its only connection. */
export async function rowsReadIn(
  url: string,
  work: (database: Database) => Promise<unknown>,
): Promise<number> {
  // Counters belong to a session, so there must be one only.
  const database = connectDatabase({ url, poolMax: 1, log: testLog })
  try {
    const begun = await rowsRead(database)
    const counting = (await rowsRead(database)) - begun
    const before = await rowsRead(database)
    await work(database)
    return (await rowsRead(database)) - before - counting
  } finally {
    await closeDatabase(database)
  }
}

async function rowsRead(database: Database): Promise<number> {
  const [rows] = await repeatably(database, (connection) =>
    connection.execute(sql`show session status like 'Handler_read%'`),
  )
  if (!Array.isArray(rows)) throw new Error('the database does not count')
  return rows.reduce((sum: number, row) => sum + Number(Reflect.get(Object(row), 'Value')), 0)
}
