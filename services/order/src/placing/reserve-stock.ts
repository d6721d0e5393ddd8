import { RemoteProblem } from '@bazaar/shared/clients/client'
import { DependencyUnavailable } from '@bazaar/shared/problem'
import type { Deps } from '../deps.ts'
import type { StoredOrder } from '../orders/order-store.ts'
import type { Rejection } from './reject-order.ts'

/** Inventory refuses to reserve the stock, so the order is rejected. */
export type Refused = { outcome: 'refused'; rejection: Rejection }

const REFUSALS: Record<string, Rejection> = {
  'out-of-stock': { reason: 'OUT_OF_STOCK' },
  'product-gone': { reason: 'PRODUCT_GONE' },
  'price-changed': { reason: 'PRICE_CHANGED' },
  'reservation-expired': { reason: 'RESERVATION_EXPIRED' },
  // The order was cancelled in the meantime, so it need not be rejected any more.
  'order-cancelled': { reason: 'RESERVATION_EXPIRED' },
}

/**
 * Makes inventory reserve all lines of an order, or none. Asked again, it gives the same answer.
 * @throws {DependencyUnavailable} when inventory cannot tell; then it must be asked again.
 */
export async function reserveStock(
  deps: Deps,
  order: StoredOrder,
): Promise<Refused | { outcome: 'held'; heldUntil: Date | null }> {
  const lines = order.lines.map(({ productId, quantity, unitPriceMinor }) => ({
    productId,
    quantity,
    unitPriceMinor,
    currency: order.currency,
  }))
  return orRefused(async () => {
    const { body } = await deps.inventory.placeReservation({ params: { orderId: order.id }, body: { lines } })
    return { outcome: 'held', heldUntil: body.expiresAt === null ? null : new Date(body.expiresAt) }
  })
}

/**
 * Makes inventory confirm an order's reservation for good. Asked again, it gives the same answer.
 * @throws {DependencyUnavailable} when inventory cannot tell; then it must be asked again.
 */
export async function confirmStock(
  deps: Deps,
  order: StoredOrder,
): Promise<Refused | { outcome: 'confirmed' }> {
  return orRefused(async () => {
    await deps.inventory.confirmReservation({ params: { orderId: order.id } })
    return { outcome: 'confirmed' }
  })
}

async function orRefused<T>(call: () => Promise<T>): Promise<T | Refused> {
  try {
    return await call()
  } catch (error) {
    if (!(error instanceof RemoteProblem)) throw error
    if (error.status === 429) throw new DependencyUnavailable('inventory', { cause: error })
    const rejection = REFUSALS[error.code]
    if (!rejection) throw error
    const named: unknown = error.members['productIds']
    const productIds = Array.isArray(named) ? named.filter((id): id is string => typeof id === 'string') : []
    return { outcome: 'refused', rejection: productIds.length > 0 ? { ...rejection, productIds } : rejection }
  }
}
