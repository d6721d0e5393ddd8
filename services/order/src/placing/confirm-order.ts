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
 * Stock and money are there: the order is confirmed, in one transaction with its parts, its payment and the answer that
 * is kept for the request. Undefined, and nothing is changed, when it is no longer PENDING: somebody else confirmed it,
 * or it was cancelled. Then the message of the cancellation lets go of the stock, and the payment is voided.
 *
 * The order is carried in memory: nothing of it can have changed while its state is still PENDING.
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
    assertInvariant(isPromised, 'authorised-was-pending', 'A payment was authorised that had been declined')
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

/** A PENDING order as it is when it is confirmed: each seller has a part to send, and the money is promised. */
function confirmed(order: StoredOrder, payment: StoredPayment): StoredOrder {
  const [, ...earlier] = order.payments
  const payments = [payment, ...earlier]
  return { ...order, status: 'CONFIRMED', payBy: null, workDueAt: null, parts: newParts(order), payments }
}

/** What each seller has to send of an order that is confirmed, in the order in which it lies in the table. */
export function newParts({ id: orderId, lines }: Pick<StoredOrder, 'id' | 'lines'>): StoredOrder['parts'] {
  const unknown = { carrier: null, trackingNumber: null, shippedAt: null, deliveredAt: null }
  return partsOf(lines)
    .map((part) => ({ ...part, ...unknown, orderId }))
    .sort((one, other) => (one.sellerId < other.sellerId ? -1 : 1))
}
