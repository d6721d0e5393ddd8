import type { Transaction } from '@bazaar/shared/database/database'
import { and, eq, inArray, sql } from 'drizzle-orm'
import { orders, payments } from '../tables.ts'

/**
 * The number of a buyer's orders that hold stock without money behind them: begun, waiting for a payment and, if
 * those are asked for, to be paid on delivery. Counts no further than `most` of each kind. Also returns the time by
 * the database's clock, at which a new order is placed.
 */
export async function countUnpaid(
  tx: Transaction,
  { buyerId, most, onDelivery }: { buyerId: string; most: number; onDelivery: boolean },
): Promise<{ unpaid: number; now: Date }> {
  const begun = tx
    .select({ id: orders.id })
    .from(orders)
    .where(and(eq(orders.buyerId, buyerId), inArray(orders.status, ['PENDING', 'AWAITING_PAYMENT'])))
    .limit(most)
  const dueOnDelivery = tx
    .select({ id: orders.id })
    .from(orders)
    .innerJoin(payments, and(eq(payments.orderId, orders.id), eq(payments.status, 'DUE_ON_DELIVERY')))
    .where(and(eq(orders.buyerId, buyerId), eq(orders.status, 'CONFIRMED')))
    .limit(most)
  const [found] = await tx
    .select({
      unpaid: sql`count(*)`.mapWith(Number),
      now: sql`now(3)`.mapWith(orders.placedAt),
    })
    .from(onDelivery ? sql`(${begun} union all ${dueOnDelivery}) as unpaid` : sql`${begun} as unpaid`)
  if (!found) throw new Error('the database counts nothing')
  return found
}
