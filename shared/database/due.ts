import { asc, gt, lte, or, type SQL, sql } from 'drizzle-orm'
import type { MySqlColumn, MySqlTable } from 'drizzle-orm/mysql-core'
import { type Database, read } from './database.ts'

/** Twice the longest lease and the longest pause that anything in Bazaar takes, but for letters. */
const FURTHEST_SECONDS = 60

/**
 * Whether work is due: its lease has run out or its pause is over. A moment further ahead than anything ever sets
 * counts as due, because then the clock was set back and the work would wait that long for nothing.
 */
export function hasCome(dueAt: MySqlColumn, furthestSeconds = FURTHEST_SECONDS): SQL | undefined {
  return or(lte(dueAt, sql`now(3)`), isTooFarAhead(dueAt, furthestSeconds))
}

/** Whether no lease and no pause can explain a moment, so the clock must have been set back since it was written. */
export function isTooFarAhead(dueAt: MySqlColumn, furthestSeconds = FURTHEST_SECONDS): SQL {
  return gt(dueAt, sql`now(3) + interval ${furthestSeconds} second`)
}

/** Workers of several instances find the same rows; each skips those that another has locked. */
const CANDIDATES_PER_ROW = 4

/** Keeps the optimizer from finding the rows to lock by any index but the primary key. */
export const BY_PRIMARY_KEY = { forceIndex: 'PRIMARY' } as const

/**
 * The ids of rows that are due, the longest overdue first, and more of them than are wanted. Nothing is locked yet,
 * so a worker that finds nothing begins no transaction. A second statement locks the rows by primary key, with
 * `skipLocked` and with the same condition again. Finding the rows by another index would lock entries of that index
 * too, in another order than the statements that change the rows.
 */
export async function listDue(
  database: Database,
  {
    table,
    id,
    dueAt,
    where,
  }: { table: MySqlTable; id: MySqlColumn; dueAt: MySqlColumn; where: SQL | undefined },
  wanted: number,
): Promise<string[]> {
  const rows = await read(database, (connection) =>
    connection
      .select({ id: sql`${id}`.mapWith((stored: unknown) => String(id.mapFromDriverValue(stored))) })
      .from(table)
      .where(where)
      .orderBy(asc(dueAt))
      .limit(wanted * CANDIDATES_PER_ROW),
  )
  return rows.map((row) => row.id)
}
