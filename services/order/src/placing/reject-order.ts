import { inTransaction } from '@bazaar/shared/database/database'
import { insertCancellation } from '../cancelling/announce-cancellation.ts'
import type { Deps } from '../deps.ts'
import type { RejectionReason } from '../errors.ts'
import { quantitiesLeft } from '../orders/amounts.ts'
import { insertEvents } from '../orders/event-store.ts'
import { allows, type OrderStatus } from '../orders/moves.ts'
import { lockOrder } from '../orders/order-store.ts'
import { saveStatus } from '../orders/status-store.ts'
import { savePayment } from '../payment/payment-store.ts'

/** The reason for rejecting an order, and the products concerned. */
export type Rejection = { reason: RejectionReason; productIds?: string[] }

/**
 * Rejects an order that could not be completed, and releases its stock and its payment. An order that has moved on is
 * left as it is. Inventory is always told, even if it has just refused: another request for the same order may be on
 * its way there, and must find that it is too late.
 *
 * `from` is the state in which this was decided; an order that has moved on since is not rejected.
 */
export async function rejectOrder(
  deps: Deps,
  orderId: string,
  rejection: Rejection & { from: OrderStatus },
): Promise<void> {
  const { reason, productIds, from } = rejection
  const isRejected = await inTransaction(deps.database, async (tx) => {
    const order = await lockOrder(tx, orderId)
    if (!order || order.status !== from || !allows(from, 'reject')) return false
    await saveStatus(tx, order.id, 'REJECTED', {
      rejectionReason: reason,
      rejectedProductIds: productIds ?? null,
    })
    const rejected = { type: 'REJECTED', actor: 'SYSTEM', detail: { reason } } as const
    await insertEvents(tx, order.id, [rejected], order.lastEventId)
    const told = { change: 'REJECTED', rejectionReason: reason } as const
    await insertCancellation(tx, order, { lines: quantitiesLeft(order.lines), reason, told })
    const [payment] = order.payments
    if (payment?.status === 'PENDING') await savePayment(tx, payment, { workDue: true })
    return true
  })
  if (isRejected) deps.metrics.rejected.inc(reason)
  deps.wake.relay()
  deps.wake.payments()
}
