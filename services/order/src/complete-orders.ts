import { inTransaction } from '@bazaar/shared/database'
import { and, eq, inArray, lte, sql } from 'drizzle-orm'
import type { Deps } from './deps.ts'
import { rejectOrder } from './end-order.ts'
import { settleOrder } from './settle-order.ts'
import { orders } from './tables.ts'

/** How many orders one round takes up. */
const AT_ONCE = 20
/** How long one completer has for an order before another may take it up, in seconds. */
const LEASE_SECONDS = 15
/** How long an order may stay PENDING before it is given up, in minutes. */
const PENDING_MINUTES_MAX = 15

/**
 * Brings on the orders that nobody else does: PENDING ones whose request broke off are settled, or given up
 * after a quarter of an hour; ones that awaited payment for too long are rejected. Several may do this at
 * once: an order taken up is left alone by the others for a while.
 */
export async function completeOrders(deps: Deps): Promise<'more' | 'done'> {
  const due = await inTransaction(deps.database, async (tx) => {
    const found = await tx
      .select({
        id: orders.id,
        status: orders.status,
        tooOld: sql<number>`${orders.placedAt} < now(3) - interval ${PENDING_MINUTES_MAX} minute`,
      })
      .from(orders)
      .where(lte(orders.workDueAt, sql`now(3)`))
      .limit(AT_ONCE)
      .for('update', { skipLocked: true })
    if (found.length > 0) {
      const ids = found.map((order) => order.id)
      await tx
        .update(orders)
        .set({ workDueAt: sql`now(3) + interval ${LEASE_SECONDS} second` })
        .where(inArray(orders.id, ids))
    }
    return found
  })
  await Promise.all(due.map((order) => complete(deps, order)))
  return due.length === AT_ONCE ? 'more' : 'done'
}

async function complete(deps: Deps, order: { id: string; status: string; tooOld: number }): Promise<void> {
  try {
    if (order.status === 'AWAITING_PAYMENT')
      await rejectOrder(deps, order.id, { reason: 'PAYMENT_NOT_MADE', from: 'AWAITING_PAYMENT' })
    else if (order.status !== 'PENDING') await forgetWork(deps, order.id)
    else if (order.tooOld)
      await rejectOrder(deps, order.id, { reason: 'NOT_COMPLETED_IN_TIME', from: 'PENDING' })
    else await settleOrder(deps, order.id)
  } catch (error) {
    // Stays due: the lease runs out and the next round tries again.
    deps.log.warn({ error, orderId: order.id }, 'an order cannot be completed yet')
  }
}

async function forgetWork(deps: Deps, orderId: string): Promise<void> {
  await inTransaction(deps.database, (tx) =>
    tx
      .update(orders)
      .set({ workDueAt: null })
      .where(and(eq(orders.id, orderId), sql`${orders.status} not in ('PENDING', 'AWAITING_PAYMENT')`)),
  )
}
