import type { Session } from '@bazaar/shared/auth/admission'
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
import { answerWhenSettled, keyInUse } from './answer-order.ts'
import type { Deps } from './deps.ts'
import { orderNotFound } from './errors.ts'
import { insertEvent } from './event-store.ts'
import { payableMinor, refusalToPay } from './order.ts'
import { lockOrder, saveStatus } from './order-store.ts'
import { type PaymentChoice, paymentMethod } from './payment.ts'
import { insertPayment } from './payment-store.ts'
import type { OrderView } from './views.ts'

/** How long the request has to settle the order before others may, in seconds. */
const IN_HAND_SECONDS = 30

/**
 * Pays an order whose payment was declined in another way, while its stock is still held.
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
  if (known.found === 'unfinished') return answerWhenSettled(deps, keyed, { orderId, takeOver: true })

  const method = paymentMethod(payment)
  const claim = await inTransaction(deps.database, async (tx) => {
    const claim = await claimKey(tx, keyed, orderId)
    if (claim.found !== 'nothing') return claim
    const order = await lockOrder(tx, orderId)
    if (!order || order.buyerId !== buyer.userId) throw orderNotFound()
    const refusal = refusalToPay(order)
    if (refusal) {
      const answer = refusalOf(refusal)
      await keepAnswer(tx, keyed, answer)
      return { found: 'refusal' as const, answer }
    }
    await saveStatus(tx, orderId, 'PENDING', { workDueAt: sql`now(3) + interval ${IN_HAND_SECONDS} second` })
    await insertPayment(tx, { ...order, amountMinor: payableMinor(order.lines) }, method)
    await insertEvent(tx, orderId, {
      type: 'PAYMENT_CHOSEN',
      actor: 'BUYER',
      actorId: buyer.userId,
      detail: { type: method.type },
    })
    return claim
  })
  if (claim.found === 'refusal') return replay(claim.answer, false)
  if (claim.found === 'answer') return replay(claim.answer, true)
  if (claim.found === 'unfinished') throw keyInUse()
  return answerWhenSettled(deps, keyed, { orderId, takeOver: false })
}
