import { inTransaction } from '@bazaar/shared/database/database'
import {
  claimKey,
  type KeptAnswer,
  type KeyedRequest,
  keepAnswer,
  refusalOf,
  replay,
} from '@bazaar/shared/database/idempotency-keys'
import type { Reply } from '@bazaar/shared/reply'
import type { Deps } from '../deps.ts'
import { orderNotFound, rejected } from '../errors.ts'
import { lockOrder, type StoredOrder } from '../orders/order-store.ts'
import { type OrderView, orderView } from '../views.ts'

/**
 * Answers a request with the outcome of its order, read under its lock, and stores that answer so that a repetition
 * gets the same one. An order that is still PENDING is answered with 202, which is not stored.
 *
 * The order is locked before the key, as it is on confirmation.
 */
export async function answerOrder(
  deps: Deps,
  keyed: KeyedRequest,
  orderId: string,
): Promise<Reply<OrderView>> {
  const { answer, replayed } = await inTransaction(
    deps.database,
    async (tx): Promise<{ answer: KeptAnswer; replayed: boolean }> => {
      const order = await lockOrder(tx, orderId)
      if (!order) throw orderNotFound()
      const claim = await claimKey(tx, keyed, orderId)
      if (claim.found === 'answer') return { answer: claim.answer, replayed: true }
      const answer = answerOf(order)
      if (order.status !== 'PENDING') await keepAnswer(tx, keyed, answer)
      return { answer, replayed: false }
    },
  )
  return replay<OrderView>(answer, replayed)
}

/** The answer that an order is, to the request that placed or paid it. */
export function answerOf(order: StoredOrder): KeptAnswer {
  if (order.status === 'REJECTED' && order.rejectionReason) {
    const products = order.rejectedProductIds ? { productIds: order.rejectedProductIds } : {}
    return refusalOf(rejected(order.rejectionReason, { orderId: order.id, ...products }))
  }
  const status = order.status === 'PENDING' ? 202 : 201
  return { kind: 'success', status, body: orderView(order), headers: { location: `/orders/${order.id}` } }
}
