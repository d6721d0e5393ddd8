import type { Transaction } from '@bazaar/shared/database/database'
import { and, eq, inArray, sql } from 'drizzle-orm'
import { orders, payments } from '../tables.ts'

/** Buyers by whether their orders that are to be paid on delivery count, too. */
type Buyers = readonly { buyerId: string; onDelivery: boolean }[]

/**
 * The numbers of buyers' orders that hold stock without money behind them: begun, waiting for a payment and, if those
 * are asked for, to be paid on delivery. Also returns the time by the database's clock, at which new orders are placed.
 */
export async function countUnpaid(tx: Transaction, buyers: Buyers): Promise<{ unpaid: number[]; now: Date }> {
  const idsOf = (some: Buyers) => [...new Set(some.map(({ buyerId }) => buyerId))]
  const onDelivery = idsOf(buyers.filter((buyer) => buyer.onDelivery))
  const begun = tx
    .select({ buyerId: orders.buyerId, isDue: sql<number>`0`.as('is_due') })
    .from(orders)
    .where(
      and(inArray(orders.buyerId, idsOf(buyers)), inArray(orders.status, ['PENDING', 'AWAITING_PAYMENT'])),
    )
  const dueOnDelivery = tx
    .select({ buyerId: orders.buyerId, isDue: sql<number>`1`.as('is_due') })
    .from(orders)
    .innerJoin(payments, and(eq(payments.orderId, orders.id), eq(payments.status, 'DUE_ON_DELIVERY')))
    .where(and(inArray(orders.buyerId, onDelivery), eq(orders.status, 'CONFIRMED')))
  const unpaid = onDelivery.length > 0 ? sql`(${begun} union all ${dueOnDelivery})` : sql`${begun}`
  // The row that always exists tells the time where there is nothing to count.
  const found = await tx
    .select({
      now: sql`now(3)`.mapWith(orders.placedAt),
      buyerId: sql`buyer_id`.mapWith(orders.buyerId),
      isDue: sql`is_due`.mapWith(Boolean),
      count: sql`count(buyer_id)`.mapWith(Number),
    })
    .from(sql`(select 1) as one left join ${unpaid} as unpaid on true`)
    .groupBy(sql`buyer_id, is_due`)
  const [first] = found
  if (!first) throw new Error('the database counts nothing')
  const unpaidOf = ({ buyerId, onDelivery: isAsked }: Buyers[number]) =>
    found
      .filter((one) => one.buyerId === buyerId && (isAsked || !one.isDue))
      .reduce((sum, { count }) => sum + count, 0)
  return { unpaid: buyers.map(unpaidOf), now: first.now }
}
