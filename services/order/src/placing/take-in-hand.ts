import { inTransaction } from '@bazaar/shared/database/database'
import { DomainError } from '@bazaar/shared/problem'
import type { Deps } from '../deps.ts'
import { orderNotFound } from '../errors.ts'
import { lockOrder, type StoredOrder } from '../orders/order-store.ts'
import { isWorkDue, saveWorkDue } from '../orders/status-store.ts'

/** The seconds that a request has for an order it places, pays or takes over, before others may go on with it. */
export const IN_HAND_SECONDS = 30

/** Another request is working on this key right now. */
export function keyInUse(): DomainError {
  return new DomainError(
    'idempotency-key-in-use',
    'The first request with this key is still running; try again shortly',
    { retryAfterSeconds: 1 },
  )
}

/**
 * Takes over an order whose request broke off, but not while that request may still be running; returns the order as
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

/**
 * Releases an order that could not be settled: the next request or worker, with the same key or not, may go on at
 * once.
 */
export async function letGo(deps: Deps, orderId: string): Promise<void> {
  try {
    await inTransaction(deps.database, (tx) => saveWorkDue(tx, orderId, 0))
  } catch (error) {
    // The cause of the failure still lasts; the lease runs out by itself.
    deps.log.warn({ error, orderId }, 'an order is due again only when its lease runs out')
  }
}
