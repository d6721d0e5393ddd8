import { inTransaction } from '@bazaar/shared/database/database'
import { DomainError } from '@bazaar/shared/problem'
import type { Deps } from '../deps.ts'
import { orderNotFound } from '../errors.ts'
import { lockOrder, type StoredOrder } from '../orders/order-store.ts'
import { isWorkDue, saveWorkDue } from '../orders/status-store.ts'

/** How long a request that places, pays or takes over an order has for it before others may go on, in seconds. */
export const IN_HAND_SECONDS = 30

/** Another request is working on this key at this moment. */
export function keyInUse(): DomainError {
  return new DomainError(
    'idempotency-key-in-use',
    'The first request with this key is still running; ask again shortly',
    { retryAfterSeconds: 1 },
  )
}

/**
 * Takes over an order whose request broke off, but not while that one may still be working; answers with the order as
 * it is now, in whatever state.
 *
 * @throws {DomainError} idempotency-key-in-use.
 */
export async function takeInHand(deps: Deps, orderId: string | null): Promise<StoredOrder> {
  if (orderId === null) throw new Error('a key without an order')
  return inTransaction(deps.database, async (tx) => {
    const order = await lockOrder(tx, orderId)
    if (!order) throw orderNotFound()
    if (order.status !== 'PENDING') return order
    if (!(await isWorkDue(tx, orderId))) throw keyInUse()
    await saveWorkDue(tx, orderId, IN_HAND_SECONDS)
    return order
  })
}

/** Lets go of an order that could not be settled: the next one, with the same key or not, may go on at once. */
export async function giveBack(deps: Deps, orderId: string): Promise<void> {
  try {
    await inTransaction(deps.database, (tx) => saveWorkDue(tx, orderId, 0))
  } catch (error) {
    // What kept the order from being settled is still going on; the lease runs out by itself.
    deps.log.warn({ error, orderId }, 'an order is due again only when its lease runs out')
  }
}
