import type { Reader } from '@bazaar/shared/database/database'
import { and, asc, eq, gt, gte, lte, or, sql } from 'drizzle-orm'
import { reservations } from '../tables.ts'

/** An order whose stock was held for too long, and the time at which the hold ended. */
export type Overdue = { orderId: string; expiresAt: Date | null }

/** The orders whose stock was held for too long, the longest overdue first, after the given one. */
export async function listOverdueOrders(
  connection: Reader,
  { after, most }: { after: Overdue | undefined; most: number },
): Promise<Overdue[]> {
  const { orderId, expiresAt } = reservations
  const isOverdue = and(eq(reservations.status, 'HELD'), lte(reservations.expiresAt, sql`now(3)`))
  const isAfter =
    after?.expiresAt &&
    and(gte(expiresAt, after.expiresAt), or(gt(expiresAt, after.expiresAt), gt(orderId, after.orderId)))
  return connection
    .select({ orderId, expiresAt })
    .from(reservations)
    .where(and(isOverdue, isAfter ?? undefined))
    .orderBy(asc(expiresAt), asc(orderId))
    .limit(most)
}
