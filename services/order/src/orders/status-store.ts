import type { Transaction } from '@bazaar/shared/database/database'
import { hasCome } from '@bazaar/shared/database/due'
import { assertInvariant } from '@bazaar/shared/problem'
import { and, eq, inArray, isNull, or, type SQL, sql } from 'drizzle-orm'
import { orderLines, orderParts, orders } from '../tables.ts'
import { type OrderStatus, statesBefore } from './moves.ts'
import type { Order } from './order.ts'
import type { StoredOrder } from './order-store.ts'

/** Values that may be stored along with the state of an order. */
type Also = Partial<Pick<StoredOrder, 'rejectionReason' | 'rejectedProductIds' | 'payBy'>> & {
  workDueAt?: SQL | Date | null
}

/**
 * Stores the changes that the rules made to an order: its state, the cancelled quantities of its lines, the states of
 * its parts.
 */
export async function saveOrder(tx: Transaction, before: StoredOrder, after: Order): Promise<void> {
  if (after.status !== before.status) await saveStatus(tx, before.id, after.status)
  for (const line of after.lines) {
    const old = before.lines.find((one) => one.productId === line.productId)
    if (old?.cancelledQuantity === line.cancelledQuantity) continue
    await tx
      .update(orderLines)
      .set({ cancelledQuantity: line.cancelledQuantity })
      .where(and(eq(orderLines.orderId, before.id), eq(orderLines.productId, line.productId)))
  }
  for (const part of after.parts) {
    if (before.parts.find((one) => one.sellerId === part.sellerId)?.status === part.status) continue
    await tx
      .update(orderParts)
      .set({ status: part.status })
      .where(and(eq(orderParts.orderId, before.id), eq(orderParts.sellerId, part.sellerId)))
  }
}

/**
 * Stores the state of an order and the given values. No work is due on it any more unless given.
 * @throws {InvariantViolation} when no move leads there from its present state.
 */
export async function saveStatus(
  tx: Transaction,
  orderId: string,
  status: OrderStatus,
  also: Also = {},
): Promise<void> {
  const moved = await moveStatus(tx, orderId, { from: [status, ...statesBefore(status)], to: status }, also)
  assertInvariant(moved, 'order-state-path', 'No move leads the order to this state')
}

/**
 * Confirms those of the orders that are still PENDING, and locks them until the end of the transaction. Returns their
 * number. It finds them by primary key, because by the index of the state it would lock other orders, too.
 */
export async function saveConfirmed(tx: Transaction, orderIds: readonly string[]): Promise<number> {
  const [changed] = await tx.execute(
    sql`update ${orders} force index (primary)
      set ${orders.status} = 'CONFIRMED', ${orders.payBy} = null, ${orders.workDueAt} = null
      where ${and(inArray(orders.id, [...orderIds]), eq(orders.status, 'PENDING'))}`,
  )
  return changed.affectedRows
}

async function moveStatus(
  tx: Transaction,
  orderId: string,
  { from, to }: { from: OrderStatus[]; to: OrderStatus },
  also: Also,
): Promise<boolean> {
  const [changed] = await tx
    .update(orders)
    .set({ workDueAt: null, ...also, status: to })
    .where(and(eq(orders.id, orderId), inArray(orders.status, from)))
  return changed.affectedRows === 1
}

/** Stores the parts of orders that were just confirmed. */
export async function insertParts(tx: Transaction, parts: StoredOrder['parts']): Promise<void> {
  await tx.insert(orderParts).values(parts)
}

/**
 * Sets the time at which an order that is still PENDING must be picked up again; until then others leave it alone.
 */
export async function saveWorkDue(tx: Transaction, orderId: string, inSeconds: number): Promise<void> {
  await tx
    .update(orders)
    .set({ workDueAt: sql`now(3) + interval ${inSeconds} second` })
    .where(and(eq(orders.id, orderId), eq(orders.status, 'PENDING')))
}

/**
 * Whether a worker must pick the order up now, by the database's clock, because the time of its last holder is over.
 */
export async function isWorkDue(tx: Transaction, orderId: string): Promise<boolean> {
  const [found] = await tx
    .select({ id: orders.id })
    .from(orders)
    .where(and(eq(orders.id, orderId), or(isNull(orders.workDueAt), hasCome(orders.workDueAt))))
  return found !== undefined
}
