import { setTimeout as delay } from 'node:timers/promises'
import { RemoteProblem } from '@bazaar/shared/clients/client'
import { inTransaction, read } from '@bazaar/shared/database'
import type { Deps } from './deps.ts'
import { announceCancellation } from './end-order.ts'
import { findOrders, listReconcilable, lockOrder, type StoredOrder } from './order-store.ts'
import { type Difference, differenceOf, type Kept } from './reconciliation.ts'

/** A difference that lasts, and whether what resolves it was sent. */
export type Found = { orderId: string; difference: Difference; repaired: boolean }

/** As many as inventory answers for at once. */
const PAGE_SIZE = 50
/** Messages that are on their way arrive meanwhile; what then still differs will not resolve itself. */
const SECOND_LOOK_MS = 5_000

/**
 * Compares orders with the stock that inventory keeps for them, and names every difference that is still there at
 * a second look. With `repair` what was lost on the way is sent again: cancellations, under new event ids, which
 * inventory recognises by the cancellation, and confirmations. Sold stock that is missing is for a person to decide.
 *
 * Looks at the orders placed in the last `hours`, and at all whose cancelled stock is not known to be back.
 */
export async function reconcileOrders(
  deps: Deps,
  options: { hours: number; repair: boolean; secondLookMs?: number },
): Promise<Found[]> {
  const found: Found[] = []
  let afterId: string | undefined
  for (;;) {
    const ids = await read(deps.database, (connection) =>
      listReconcilable(connection, { hours: options.hours, afterId, most: PAGE_SIZE }),
    )
    const suspects = await differencesAmong(deps, ids)
    if (suspects.length > 0) await delay(options.secondLookMs ?? SECOND_LOOK_MS)
    for (const { order, difference, kept } of await differencesAmong(
      deps,
      suspects.map(({ order: { id } }) => id),
    )) {
      const repaired = options.repair && (await repair(deps, { order, difference, kept }))
      deps.log.error({ orderId: order.id, difference, repaired }, 'an order and its stock differ')
      deps.metrics.differences.inc({ difference })
      found.push({ orderId: order.id, difference, repaired })
    }
    afterId = ids.at(-1)
    if (ids.length < PAGE_SIZE) return found
  }
}

type Suspect = { order: StoredOrder; difference: Difference; kept: Kept | undefined }

async function differencesAmong(deps: Deps, orderIds: readonly string[]): Promise<Suspect[]> {
  if (orderIds.length === 0) return []
  const { body } = await deps.inventory.listReservations({ query: { orderIds: orderIds.join(',') } })
  const orders = await read(deps.database, (connection) => findOrders(connection, orderIds))
  return orders.flatMap((order) => {
    const kept = body.items.find((reservation) => reservation.orderId === order.id)
    const difference = differenceOf(order, kept)
    return difference ? [{ order, difference, kept }] : []
  })
}

/** Sends what resolves a difference. False when nothing does. */
async function repair(deps: Deps, { order, difference }: Suspect): Promise<boolean> {
  switch (difference) {
    case 'stock-not-returned':
    case 'return-not-noted':
      return announceAgain(deps, order.id)
    case 'stock-not-kept':
      return confirmAgain(deps, order.id)
    case 'stock-missing':
      return false
  }
}

/** Refused is what was cancelled or expired meanwhile: the next comparison finds out. */
async function confirmAgain(deps: Deps, orderId: string): Promise<boolean> {
  try {
    await deps.inventory.confirmReservation({ params: { orderId } })
    return true
  } catch (error) {
    if (!(error instanceof RemoteProblem)) throw error
    return false
  }
}

async function announceAgain(deps: Deps, orderId: string): Promise<boolean> {
  const count = await inTransaction(deps.database, async (tx) => {
    const order = await lockOrder(tx, orderId)
    for (const cancellation of order?.cancellations ?? []) await announceCancellation(tx, cancellation)
    return order?.cancellations.length ?? 0
  })
  deps.wake.relay()
  return count > 0
}
