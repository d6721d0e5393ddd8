import type { Session } from '@bazaar/shared/auth/admission'
import { newIdAfter } from '@bazaar/shared/database/columns'
import { inTransaction, read } from '@bazaar/shared/database/database'
import {
  claimKey,
  findClaim,
  type KeyedRequest,
  keepAnswer,
  refusalOf,
  replay,
} from '@bazaar/shared/database/idempotency-keys'
import type { Reply } from '@bazaar/shared/reply'
import { sql } from 'drizzle-orm'
import type { Deps } from '../deps.ts'
import { orderNotFound } from '../errors.ts'
import { payableMinor } from '../orders/amounts.ts'
import { insertEvents } from '../orders/event-store.ts'
import { refusalToPay } from '../orders/moves.ts'
import { lockOrder } from '../orders/order-store.ts'
import { saveStatus } from '../orders/status-store.ts'
import type { Kept } from '../placing/keep-order.ts'
import { settleAndAnswer } from '../placing/place-order.ts'
import { IN_HAND_SECONDS, keyInUse, takeInHand } from '../placing/take-in-hand.ts'
import type { OrderView } from '../views.ts'
import { type PaymentChoice, type PaymentMethod, paymentMethod } from './payment.ts'
import { insertPayments, newPayment } from './payment-store.ts'

/**
 * Pays an order again after its payment was declined, while its stock is still held.
 *
 * @throws {DomainError} the refusals of POST /orders/{orderId}/payments.
 */
export async function payOrder(
  deps: Deps,
  request: { buyer: Session; key: string; orderId: string; payment: PaymentChoice },
): Promise<Reply<OrderView>> {
  const { buyer, key, orderId, payment } = request
  const keyed: KeyedRequest = {
    ownerId: buyer.userId,
    operation: 'payOrder',
    key,
    request: { orderId, payment },
  }
  const known = await read(deps.database, (connection) => findClaim(connection, keyed))
  if (known.found === 'answer') return replay(known.answer, true)
  if (known.found === 'unfinished') return settleAndAnswer(deps, keyed, await takeInHand(deps, orderId))

  const kept = await keepPayment(deps, keyed, { orderId, method: paymentMethod(payment) })
  if (kept.found === 'refusal') return replay(kept.answer, false)
  if (kept.found === 'answer') return replay(kept.answer, true)
  if (kept.found === 'unfinished') throw keyInUse()
  return settleAndAnswer(deps, keyed, kept.order)
}

/** Stores the new payment attempt and its key, both or neither; or, for a while, the reason why there can be none. */
async function keepPayment(
  deps: Deps,
  keyed: KeyedRequest,
  { orderId, method }: { orderId: string; method: PaymentMethod },
): Promise<Kept | { found: 'refusal'; answer: ReturnType<typeof refusalOf> }> {
  return inTransaction(deps.database, async (tx) => {
    const claim = await claimKey(tx, keyed, orderId)
    if (claim.found !== 'nothing') return claim
    const order = await lockOrder(tx, orderId)
    const actorId = keyed.ownerId
    if (!order || order.buyerId !== actorId) throw orderNotFound()
    const refusal = refusalToPay(order)
    if (refusal) {
      const answer = refusalOf(refusal)
      await keepAnswer(tx, keyed, answer)
      return { found: 'refusal' as const, answer }
    }
    const workDueAt = sql`now(3) + interval ${IN_HAND_SECONDS} second`
    await saveStatus(tx, orderId, 'PENDING', { workDueAt })
    const id = newIdAfter(order.payments[0]?.id)
    const { currency, now: createdAt } = order
    const amountMinor = payableMinor(order.lines)
    const attempt = newPayment({ ...method, id, orderId, currency, amountMinor, createdAt })
    await insertPayments(tx, [attempt])
    const event = { type: 'PAYMENT_CHOSEN', actor: 'BUYER', actorId, detail: { type: method.type } } as const
    const lastEventId = await insertEvents(tx, orderId, [event], order.lastEventId)
    const payments = [attempt, ...order.payments]
    return { ...claim, order: { ...order, status: 'PENDING' as const, payments, lastEventId } }
  })
}
