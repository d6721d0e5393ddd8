import { type Database, read } from '@bazaar/shared/database/database'
import type { Backlog } from '@bazaar/shared/process/watch-backlog'
import { count, eq, min, sql } from 'drizzle-orm'
import { orders } from '../tables.ts'

/** The number of PENDING orders, and the age of the oldest. Healthy: none older than a few seconds. */
export async function findPendingOrders(database: Database): Promise<Backlog> {
  const [row] = await read(database, (connection) =>
    connection
      .select({
        waiting: count(),
        oldestAgeSeconds:
          sql`coalesce(timestampdiff(microsecond, ${min(orders.placedAt)}, now(3)) / 1e6, 0)`.mapWith(Number),
      })
      .from(orders)
      .where(eq(orders.status, 'PENDING')),
  )
  return row ?? { waiting: 0, oldestAgeSeconds: 0 }
}
