import { newIdAfter } from '@bazaar/shared/database/columns'
import type { Transaction } from '@bazaar/shared/database/database'
import { type Composed, composeMessage, insertMessages } from '@bazaar/shared/messaging/outbox'
import type { Quantities } from '../orders/amounts.ts'
import { type Change, composeChange } from '../orders/announce-change.ts'
import type { LockedOrder } from '../orders/order-store.ts'
import { insertCancellationRow, type StoredCancellation } from './cancellation-store.ts'

/**
 * Records a cancellation of an order and, in the same transaction, the message that makes inventory put the stock
 * back and the one that tells people of the change behind it. Returns the cancellation as it is stored.
 */
export async function insertCancellation(
  tx: Transaction,
  order: LockedOrder,
  cancelled: { lines: Quantities; reason: string; told: Omit<Change, 'lines'> },
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
  const { lines, told } = cancelled
  await insertMessages(tx, [
    await composeCancellation(cancellation),
    await composeChange(order, { ...told, lines }),
  ])
  return cancellation
}

type Announced = Omit<StoredCancellation, 'stockRestoredAt'>

/** Writes the message of a cancellation. Writing it again makes another event of the same cancellation. */
export async function announceCancellation(tx: Transaction, cancellation: Announced): Promise<void> {
  await insertMessages(tx, [await composeCancellation(cancellation)])
}

function composeCancellation(cancellation: Announced): Promise<Composed> {
  const { id: cancellationId, orderId, lines, reason, cancelledAt } = cancellation
  return composeMessage({
    service: 'order',
    type: 'order.cancelled.v1',
    subject: orderId,
    data: { orderId, cancellationId, lines, reason, cancelledAt: cancelledAt.toISOString() },
  })
}
