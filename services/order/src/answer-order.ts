import { inTransaction } from '@bazaar/shared/database/database'
import {
  claimKey,
  type KeptAnswer,
  type KeyedRequest,
  keepAnswer,
  refusalOf,
  replay,
} from '@bazaar/shared/database/idempotency-keys'
import { DependencyUnavailable, DomainError } from '@bazaar/shared/problem'
import type { Reply } from '@bazaar/shared/reply'
import { giveBack } from './complete-orders.ts'
import type { Deps } from './deps.ts'
import { orderNotFound, rejected } from './errors.ts'
import { isWorkDue, lockOrder, type StoredOrder, saveWorkDue } from './order-store.ts'
import { settleOrder } from './settle-order.ts'
import { type OrderView, orderView } from './views.ts'

/** How long a request that takes an order over has before others may, in seconds. */
const IN_HAND_SECONDS = 30

/** Another request is working on this key at this moment. */
export function keyInUse(): DomainError {
  return new DomainError(
    'idempotency-key-in-use',
    'The first request with this key is still running; ask again shortly',
    { retryAfterSeconds: 1 },
  )
}

/**
 * Settles an order that is kept, and answers for the key. `takeOver` is for a repeated request: it goes on
 * where the first one broke off, but not while that may still be working.
 *
 * An order that cannot be settled now is answered with 202: it is kept, and goes on when the same request is
 * repeated, at once, or when the completer comes by.
 */
export async function answerWhenSettled(
  deps: Deps,
  keyed: KeyedRequest,
  { orderId, takeOver }: { orderId: string | null; takeOver: boolean },
): Promise<Reply<OrderView>> {
  if (orderId === null) throw new Error('a key without an order')
  if (takeOver) await takeInHand(deps, orderId)
  try {
    await settleOrder(deps, orderId)
  } catch (error) {
    await giveBack(deps, orderId)
    if (!(error instanceof DependencyUnavailable)) throw error
    deps.log.warn({ error, orderId }, 'an order is kept but cannot be settled yet')
  }
  return answerOnce(deps, keyed, orderId)
}

async function takeInHand(deps: Deps, orderId: string): Promise<void> {
  await inTransaction(deps.database, async (tx) => {
    const order = await lockOrder(tx, orderId)
    if (order?.status !== 'PENDING') return
    if (!(await isWorkDue(tx, orderId))) throw keyInUse()
    await saveWorkDue(tx, orderId, IN_HAND_SECONDS)
  })
}

/** Answers with what became of the order; keeps that answer, so that it is given again the same. */
async function answerOnce(deps: Deps, keyed: KeyedRequest, orderId: string): Promise<Reply<OrderView>> {
  const { answer, replayed } = await inTransaction(
    deps.database,
    async (tx): Promise<{ answer: KeptAnswer; replayed: boolean }> => {
      const claim = await claimKey(tx, keyed, orderId)
      if (claim.found === 'answer') return { answer: claim.answer, replayed: true }
      const order = await lockOrder(tx, orderId)
      if (!order) throw orderNotFound()
      const answer = answerOf(order)
      if (order.status !== 'PENDING') await keepAnswer(tx, keyed, answer)
      // failpoint: keep-answer.before-commit
      return { answer, replayed: false }
    },
  )
  // failpoint: keep-answer.after-commit
  return replay<OrderView>(answer, replayed)
}

function answerOf(order: StoredOrder): KeptAnswer {
  if (order.status === 'REJECTED' && order.rejectionReason) {
    const products = order.rejectedProductIds ? { productIds: order.rejectedProductIds } : {}
    return refusalOf(rejected(order.rejectionReason, { orderId: order.id, ...products }))
  }
  const status = order.status === 'PENDING' ? 202 : 201
  return { kind: 'success', status, body: orderView(order), headers: { location: `/orders/${order.id}` } }
}
