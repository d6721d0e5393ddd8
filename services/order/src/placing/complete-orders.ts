import { inTransaction, read } from '@bazaar/shared/database/database'
import { BY_PRIMARY_KEY, isTooFarAhead, listDue } from '@bazaar/shared/database/due'
import { asWork } from '@bazaar/shared/telemetry/spans'
import { and, eq, inArray, lte, ne, or, sql } from 'drizzle-orm'
import type { Deps } from '../deps.ts'
import { findOrder } from '../orders/order-store.ts'
import { orders } from '../tables.ts'
import { settleOrder } from './place-order.ts'
import { rejectOrder } from './reject-order.ts'
import { letGo } from './take-in-hand.ts'

/** The number of orders that one round takes up. */
const AT_ONCE = 20
/** The seconds that one completer has for an order before another may take it up. */
const LEASE_SECONDS = 15
/** The minutes that an order may stay PENDING before it is given up. */
const PENDING_MINUTES_MAX = 15

/** The payment deadline of an order is not a lease: it may be as far ahead as stock is held. */
const isDue = or(
  lte(orders.workDueAt, sql`now(3)`),
  and(isTooFarAhead(orders.workDueAt), ne(orders.status, 'AWAITING_PAYMENT')),
)

/**
 * Moves on the orders that nobody else does. PENDING orders whose request broke off are settled, or given up after a
 * quarter of an hour; orders that awaited payment for too long are rejected. Several instances may do this at once,
 * because an order that is taken up is left alone by the others for a while.
 */
export async function completeOrders(deps: Deps): Promise<'more' | 'done'> {
  const { id, workDueAt: dueAt } = orders
  const ids = await listDue(deps.database, { table: orders, id, dueAt, where: isDue }, AT_ONCE)
  if (ids.length === 0) return 'done'
  const due = await inTransaction(deps.database, async (tx) => {
    const found = await tx
      .select({
        id: orders.id,
        buyerId: orders.buyerId,
        status: orders.status,
        tooOld: sql<number>`${orders.placedAt} < now(3) - interval ${PENDING_MINUTES_MAX} minute`.as(
          'too_old',
        ),
      })
      .from(orders, BY_PRIMARY_KEY)
      .where(and(inArray(orders.id, ids), isDue))
      .limit(AT_ONCE)
      .for('update', { skipLocked: true })
    if (found.length === 0) return []
    const taken = found.map((order) => order.id)
    await tx
      .update(orders)
      .set({ workDueAt: sql`now(3) + interval ${LEASE_SECONDS} second` })
      .where(inArray(orders.id, taken))
    return found
  })
  // failpoint: complete-orders.after-lease
  const completed = await Promise.all(
    due.map((order) => asWork('complete order', () => complete(deps, order))),
  )
  return due.length === AT_ONCE && completed.includes(true) ? 'more' : 'done'
}

type DueOrder = { id: string; buyerId: string; status: string; tooOld: number }

/** Whether an order could be completed; if not, it is due again in the next round. */
async function complete(deps: Deps, order: DueOrder): Promise<boolean> {
  try {
    if (order.status === 'AWAITING_PAYMENT')
      await rejectOrder(deps, order.id, { reason: 'PAYMENT_NOT_MADE', from: 'AWAITING_PAYMENT' })
    else if (order.status !== 'PENDING') await forgetWork(deps, order.id)
    else if (order.tooOld)
      await rejectOrder(deps, order.id, { reason: 'NOT_COMPLETED_IN_TIME', from: 'PENDING' })
    else await settle(deps, order)
    return true
  } catch (error) {
    deps.log.warn({ error, orderId: order.id }, 'an order cannot be completed yet')
    await letGo(deps, order.id)
    return false
  }
}

async function settle(deps: Deps, { id, buyerId }: DueOrder): Promise<void> {
  const order = await read(deps.database, (connection) => findOrder(connection, id, buyerId))
  if (order) await settleOrder(deps, order)
}

async function forgetWork(deps: Deps, orderId: string): Promise<void> {
  await inTransaction(deps.database, (tx) =>
    tx
      .update(orders)
      .set({ workDueAt: null })
      .where(and(eq(orders.id, orderId), sql`${orders.status} not in ('PENDING', 'AWAITING_PAYMENT')`)),
  )
}
