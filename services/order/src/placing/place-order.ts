import type { Session } from '@bazaar/shared/auth/admission'
import { type Database, read } from '@bazaar/shared/database/database'
import { findClaims } from '@bazaar/shared/database/idempotency-key-batches'
import { type KeptAnswer, type KeyedRequest, replay } from '@bazaar/shared/database/idempotency-keys'
import { DependencyUnavailable, DomainError } from '@bazaar/shared/problem'
import { gatherOn } from '@bazaar/shared/process/gather'
import type { Reply } from '@bazaar/shared/reply'
import type { Deps } from '../deps.ts'
import type { StoredPayment } from '../payment/payment-store.ts'
import type { OrderView } from '../views.ts'
import { answerOrder } from './answer-order.ts'
import { awaitPayment } from './await-payment.ts'
import { confirmOrder } from './confirm-order.ts'
import { type Basket, draftOrder } from './draft-order.ts'
import { GATHERED } from './gathered.ts'
import { type Kept, keepOrder, type OrderInHand } from './keep-order.ts'
import { rejectOrder } from './reject-order.ts'
import { confirmStock, type Refused, reserveStock } from './reserve-stock.ts'
import { keyInUse, letGo, takeInHand } from './take-in-hand.ts'

/**
 * Places an order: stores it as PENDING together with its Idempotency-Key, then settles it. The same key with the
 * same basket leads to the same order, whatever broke off in between.
 *
 * @throws {DomainError} the refusals of POST /orders.
 * @throws {DependencyUnavailable} when nothing was stored. Once it was, the answer is 202 instead, if the order can be
 * read for it.
 * @throws {OutcomeUnknown} when it cannot be known whether it was stored.
 */
export async function placeOrder(
  deps: Deps,
  request: { buyer: Session; key: string; basket: Basket },
): Promise<Reply<OrderView>> {
  const { buyer, key, basket } = request
  const keyed: KeyedRequest = { ownerId: buyer.userId, operation: 'placeOrder', key, request: basket }
  const known = await claimOf(deps.database, keyed)
  if (known.found === 'answer') return replay(known.answer, true)
  if (known.found === 'unfinished')
    return settleAndAnswer(deps, keyed, await takeInHand(deps, known.resourceId))

  const kept = await draftAndKeep(deps, keyed, request)
  // failpoint: keep-order.after-commit
  if (kept.found === 'answer') return replay(kept.answer, true)
  if (kept.found === 'unfinished') throw keyInUse()
  deps.metrics.placed.inc()
  return settleAndAnswer(deps, keyed, kept.order)
}

/** The state of the key, looked up together with those of other requests. */
const claimOf = gatherOn(
  (database: Database, keyed: KeyedRequest[]) =>
    read(database, (connection) => findClaims(connection, keyed)),
  GATHERED,
)

/** The steps after which nothing is left of a refused order; the refusal is counted. */
async function draftAndKeep(
  deps: Deps,
  keyed: KeyedRequest,
  request: { buyer: Session; key: string; basket: Basket },
): Promise<Kept> {
  try {
    const draft = await draftOrder(deps, request)
    // failpoint: place-order.before-keep
    return await keepOrder(deps, keyed, { draft, choice: request.basket.payment })
  } catch (error) {
    if (error instanceof DomainError) deps.metrics.refused.inc(error.code)
    throw error
  }
}

/**
 * Settles a stored order, and answers for the key of the request that placed or paid it.
 *
 * An order that cannot be settled now is answered with 202. It is stored, and goes on at once when the same request
 * is repeated, or otherwise when the completer gets to it.
 */
export async function settleAndAnswer(
  deps: Deps,
  keyed: KeyedRequest,
  order: OrderInHand,
): Promise<Reply<OrderView>> {
  let answer: KeptAnswer | undefined
  try {
    answer = await settleOrder(deps, order, keyed)
  } catch (error) {
    await letGo(deps, order.id)
    if (!(error instanceof DependencyUnavailable)) throw error
    deps.log.warn({ error, orderId: order.id }, 'an order is kept but cannot be settled yet')
  }
  // failpoint: keep-answer.after-commit
  return answer ? replay(answer, false) : answerOrder(deps, keyed, order.id)
}

/**
 * Settles a PENDING order: reserves its stock, has its payment authorised, confirms the reservation, confirms the
 * order. Every step can be repeated, by the request that placed the order or by the completer, alone or at the same
 * time; the order's state in the last transaction decides.
 *
 * Returns the stored answer for the request; undefined when the order is rejected or waits for another payment, or was
 * settled by another worker.
 * @throws {DependencyUnavailable} when a step failed; the order stays PENDING.
 */
export async function settleOrder(
  deps: Deps,
  order: OrderInHand,
  keyed?: KeyedRequest,
): Promise<KeptAnswer | undefined> {
  if (order.status !== 'PENDING') return undefined
  const [latest] = order.payments
  if (!latest) throw new Error('an order has no payment')

  const reserved = await reserveStock(deps, order)
  // failpoint: reserve.after-answer
  if (reserved.outcome === 'refused') return reject(deps, order, reserved)

  const answer = await authorise(deps, latest)
  // failpoint: authorise.after-answer
  if (answer === 'declined') {
    await awaitPayment(deps, latest, reserved.heldUntil)
    return undefined
  }

  const confirmed = await confirmStock(deps, order)
  // failpoint: confirm.after-answer
  if (confirmed.outcome === 'refused') return reject(deps, order, confirmed)

  const kept = await confirmOrder(deps, order, { payment: latest, keyed })
  // failpoint: confirm-order.after-commit
  return kept
}

/** Sets the money aside; cash is promised by placing the order. */
async function authorise(deps: Deps, payment: StoredPayment): Promise<'authorised' | 'declined'> {
  if (payment.type === 'CASH_ON_DELIVERY') return 'authorised'
  return deps.provider.authorise({ ...payment, paymentId: payment.id })
}

async function reject(deps: Deps, order: OrderInHand, { rejection }: Refused): Promise<undefined> {
  await rejectOrder(deps, order.id, { ...rejection, from: 'PENDING' })
  return undefined
}
