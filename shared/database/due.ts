import { asc, gt, lte, or, type SQL, sql } from 'drizzle-orm'
import type { MySqlColumn, MySqlTable } from 'drizzle-orm/mysql-core'
import { type Database, read } from './database.ts'

/** Twice the longest lease, and the longest pause, that anybody in Bazaar takes. */
const FURTHEST_SECONDS = 60

/**
 * Whether the moment has come at which work is due: its lease ran out, or its pause is over. A moment further ahead
 * than anybody ever sets one counts as come, because then the clock was set back, and the work would wait for as long.
 */
export function hasCome(dueAt: MySqlColumn): SQL | undefined {
  return or(lte(dueAt, sql`now(3)`), isTooFarAhead(dueAt))
}

/** Whether no lease and no pause can explain a moment: the clock was set back since it was written. */
export function isTooFarAhead(dueAt: MySqlColumn): SQL {
  return gt(dueAt, sql`now(3) + interval ${FURTHEST_SECONDS} second`)
}

/** Workers of several instances find the same rows; each passes over those that another is just taking up. */
const CANDIDATES_PER_ROW = 4

/** Keeps the optimizer from finding the rows to lock by another index than the primary key. */
export const BY_PRIMARY_KEY = { forceIndex: 'PRIMARY' } as const

/**
 * The ids of rows that are due, first those that have been so the longest, and more of them than are wanted. Nothing is
 * locked yet, so a worker that finds nothing begins no transaction. Locking is for a second statement, by primary key,
 * with `skipLocked` and with the condition once more: one that finds its rows by another index locks the entries of that
 * index, too, and in another order than the statements that change the rows.
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
