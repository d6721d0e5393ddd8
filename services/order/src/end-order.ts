import { newIdAfter } from '@bazaar/shared/database/columns'
import { inTransaction, type Transaction } from '@bazaar/shared/database/database'
import { enqueue } from '@bazaar/shared/messaging/outbox'
import type { Deps } from './deps.ts'
import type { RejectionReason } from './errors.ts'
import { insertEvent } from './event-store.ts'
import { allows, type OrderStatus, type Quantities, quantitiesLeft } from './order.ts'
import { findNow, lockOrder, type StoredOrder, saveStatus } from './order-store.ts'
import { savePayment } from './payment-store.ts'
import { cancellations } from './tables.ts'

/**
 * Writes down that something of an order was cancelled and, in the same transaction, the message that makes
 * inventory put the stock back. Returns the id of the cancellation.
 */
export async function insertCancellation(
  tx: Transaction,
  order: StoredOrder,
  cancelled: { lines: Quantities; reason: string },
): Promise<string> {
  const id = newIdAfter(order.cancellations.at(-1)?.id)
  const cancelledAt = await findNow(tx)
  const lines = cancelled.lines.map(({ productId, quantity }) => ({ productId, quantity }))
  const { reason } = cancelled
  const cancellation = { id, orderId: order.id, reason, lines, cancelledAt }
  await tx.insert(cancellations).values(cancellation)
  await announceCancellation(tx, cancellation)
  return id
}

/** Writes the message of a cancellation. Written again it is another event of the same cancellation. */
export async function announceCancellation(
  tx: Transaction,
  cancellation: Omit<StoredOrder['cancellations'][number], 'stockRestoredAt'>,
): Promise<void> {
  const { id: cancellationId, orderId, lines, reason, cancelledAt } = cancellation
  await enqueue(tx, {
    service: 'order',
    type: 'order.cancelled.v1',
    subject: orderId,
    data: { orderId, cancellationId, lines, reason, cancelledAt: cancelledAt.toISOString() },
  })
}

/** How an order is rejected: why, and on account of which products. */
export type Rejection = { reason: RejectionReason; productIds?: string[] }

/**
 * Rejects an order that could not be completed: lets go of its stock and of its payment. An order that is
 * past that already is left as it is. Inventory is always told, also when it has just refused: another request for
 * the same order may be on its way to it, and must find that it comes too late.
 *
 * `from` is the state in which that was decided: an order that has moved on since is not rejected for it.
 */
export async function rejectOrder(
  deps: Deps,
  orderId: string,
  rejection: Rejection & { from: OrderStatus },
): Promise<void> {
  const { reason, productIds, from } = rejection
  await inTransaction(deps.database, async (tx) => {
    const order = await lockOrder(tx, orderId)
    if (!order || order.status !== from || !allows(from, 'reject')) return
    await saveStatus(tx, order.id, 'REJECTED', {
      rejectionReason: reason,
      rejectedProductIds: productIds ?? null,
    })
    await insertEvent(tx, order.id, { type: 'REJECTED', actor: 'SYSTEM', detail: { reason } })
    await insertCancellation(tx, order, { lines: quantitiesLeft(order.lines), reason })
    const [payment] = order.payments
    if (payment?.status === 'PENDING') await savePayment(tx, payment, { workDue: true })
  })
  deps.wake.relay()
  deps.wake.payments()
}
