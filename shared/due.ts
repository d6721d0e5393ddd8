import { gt, lte, or, type SQL, sql } from 'drizzle-orm'
import type { MySqlColumn } from 'drizzle-orm/mysql-core'

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
