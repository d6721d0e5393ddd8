import { newIdAfter } from '@bazaar/shared/database/columns'
import type { Transaction } from '@bazaar/shared/database/database'
import { enqueue } from '@bazaar/shared/messaging/outbox'
import type { Quantities } from '../orders/amounts.ts'
import type { LockedOrder } from '../orders/order-store.ts'
import { insertCancellationRow, type StoredCancellation } from './cancellation-store.ts'

/**
 * Records a cancellation of an order and, in the same transaction, the message that makes inventory put the stock
 * back. Returns the cancellation as it is stored.
 */
export async function insertCancellation(
  tx: Transaction,
  order: LockedOrder,
  cancelled: { lines: Quantities; reason: string },
): Promise<StoredCancellation> {
  const cancellation = {
    id: newIdAfter(order.cancellations.at(-1)?.id),
    orderId: order.id,
    reason: cancelled.reason,
    lines: cancelled.lines.map(({ productId, quantity }) => ({ productId, quantity })),
    cancelledAt: order.now,
    stockRestoredAt: null,
  }
  await insertCancellationRow(tx, cancellation)
  await announceCancellation(tx, cancellation)
  return cancellation
}

/** Writes the message of a cancellation. Writing it again makes another event of the same cancellation. */
export async function announceCancellation(
  tx: Transaction,
  cancellation: Omit<StoredCancellation, 'stockRestoredAt'>,
): Promise<void> {
  const { id: cancellationId, orderId, lines, reason, cancelledAt } = cancellation
  await enqueue(tx, {
    service: 'order',
    type: 'order.cancelled.v1',
    subject: orderId,
    data: { orderId, cancellationId, lines, reason, cancelledAt: cancelledAt.toISOString() },
  })
}
