import { inTransaction } from '@bazaar/shared/database/database'
import { type KeptAnswer, type KeyedRequest, keepAnswer } from '@bazaar/shared/database/idempotency-keys'
import { assertInvariant } from '@bazaar/shared/problem'
import type { Deps } from '../deps.ts'
import { insertEvents } from '../orders/event-store.ts'
import { partsOf } from '../orders/order.ts'
import type { StoredOrder } from '../orders/order-store.ts'
import { insertParts, saveConfirmed } from '../orders/status-store.ts'
import { type StoredPayment, savePromised } from '../payment/payment-store.ts'
import { answerOf } from './answer-order.ts'
import type { OrderInHand } from './keep-order.ts'

/**
 * Confirms an order whose stock and money are there, in one transaction with its parts, its payment and the stored
 * answer for the request. If the order is no longer PENDING (already confirmed, or cancelled), nothing is changed and
 * the result is undefined. After a cancellation, its message releases the stock and the payment is voided.
 *
 * The order is kept in memory: nothing of it can have changed while its state is still PENDING.
 */
export async function confirmOrder(
  deps: Deps,
  order: OrderInHand,
  { payment, keyed }: { payment: StoredPayment; keyed: KeyedRequest | undefined },
): Promise<KeptAnswer | undefined> {
  const status = payment.type === 'CASH_ON_DELIVERY' ? 'DUE_ON_DELIVERY' : 'AUTHORISED'
  const after = confirmed(order, { ...payment, status })
  const answer = await inTransaction(deps.database, async (tx) => {
    if (!(await saveConfirmed(tx, order.id))) return undefined
    const isPromised = await savePromised(tx, payment.id, status)
    assertInvariant(isPromised, 'authorised-was-pending', 'A declined payment was authorised')
    await insertParts(tx, after.parts)
    const detail = { amountMinor: payment.amountMinor }
    const events = [
      { type: 'CONFIRMED', actor: 'SYSTEM' },
      { type: `PAYMENT_${status}`, actor: 'SYSTEM', detail },
    ] as const
    await insertEvents(tx, order.id, events, order.lastEventId)
    // failpoint: confirm-order.before-commit
    const answer = answerOf(after)
    if (keyed) await keepAnswer(tx, keyed, answer)
    // failpoint: keep-answer.before-commit
    return answer
  })
  if (answer) deps.metrics.confirmed.inc()
  deps.wake.payments()
  return answer
}

/** A PENDING order at the moment it is confirmed: each seller has a part to ship, and the money is promised. */
function confirmed(order: StoredOrder, payment: StoredPayment): StoredOrder {
  const [, ...earlier] = order.payments
  const payments = [payment, ...earlier]
  return { ...order, status: 'CONFIRMED', payBy: null, workDueAt: null, parts: newParts(order), payments }
}

/** The lines that each seller has to ship, in the order of the table. */
export function newParts({ id: orderId, lines }: Pick<StoredOrder, 'id' | 'lines'>): StoredOrder['parts'] {
  const unknown = { carrier: null, trackingNumber: null, shippedAt: null, deliveredAt: null }
  return partsOf(lines)
    .map((part) => ({ ...part, ...unknown, orderId }))
    .sort((one, other) => (one.sellerId < other.sellerId ? -1 : 1))
}
