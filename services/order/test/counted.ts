import { closeDatabase, connectDatabase, type Database, repeatably } from '@bazaar/shared/database/database'
import { testLog } from '@bazaar/shared/testing/test-log'
import { sql } from 'drizzle-orm'
import type { Deps } from '../src/deps.ts'
import type { World } from './world.ts'

/* What work costs, counted by the database in rows that it read: the same on a busy machine as on a quiet one. */

/** How many rows the database reads for some work, which is given a world with one connection. */
export async function rowsReadBy(world: World, work: (deps: Deps) => Promise<unknown>): Promise<number> {
  const { url } = world.deps.config.database
  // Counters belong to a session, so there must be one only.
  const database = connectDatabase({ url, poolMax: 1, log: testLog })
  try {
    const begun = await rowsRead(database)
    const counting = (await rowsRead(database)) - begun
    const before = await rowsRead(database)
    await work({ ...world.deps, database })
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

/** A select of so many rows, numbered from 1 as `n`, for INSERT ... SELECT. At most a million. */
export function numbered(count: number) {
  const digit = sql.raw(
    `(select 0 d union all select 1 union all select 2 union all select 3 union all select 4 union all
      select 5 union all select 6 union all select 7 union all select 8 union all select 9)`,
  )
  return sql`(select 1 + a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d + 100000 * g.d as n
    from ${digit} a, ${digit} b, ${digit} c, ${digit} e, ${digit} f, ${digit} g
    having n <= ${count}) numbers`
}
