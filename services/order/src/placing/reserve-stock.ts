import type { inventoryApi } from '@bazaar/shared/api/inventory'
import type { SuccessOf } from '@bazaar/shared/api/operation'
import { RemoteProblem } from '@bazaar/shared/clients/client'
import { DependencyUnavailable } from '@bazaar/shared/problem'
import { gatherOn } from '@bazaar/shared/process/gather'
import type { Deps } from '../deps.ts'
import type { StoredOrder } from '../orders/order-store.ts'
import { GATHERED } from './gathered.ts'
import type { Rejection } from './reject-order.ts'

/** Inventory refuses to reserve the stock, so the order is rejected. */
export type Refused = { outcome: 'refused'; rejection: Rejection }

type Operations = (typeof inventoryApi)['operations']
type Reservation = SuccessOf<Operations['placeReservation']>
type Outcomes = SuccessOf<Operations['placeReservations']>['items']

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
  { inventory }: Deps,
  order: StoredOrder,
): Promise<Refused | { outcome: 'held'; heldUntil: Date | null }> {
  const wanted = { orderId: order.id, lines: linesOf(order) }
  const answered = (await placeTogether(inventory, wanted)) ?? (await placeAlone(inventory, wanted))
  if ('outcome' in answered) return answered
  return { outcome: 'held', heldUntil: answered.expiresAt === null ? null : new Date(answered.expiresAt) }
}

/**
 * Makes inventory confirm an order's reservation for good. Asked again, it gives the same answer.
 * @throws {DependencyUnavailable} when inventory cannot tell; then it must be asked again.
 */
export async function confirmStock(
  { inventory }: Deps,
  { id }: StoredOrder,
): Promise<Refused | { outcome: 'confirmed' }> {
  const answered = (await confirmTogether(inventory, id)) ?? (await confirmAlone(inventory, id))
  return 'outcome' in answered ? answered : { outcome: 'confirmed' }
}

type Wanted = { orderId: string; lines: ReturnType<typeof linesOf> }

function linesOf({ currency, lines }: StoredOrder) {
  return lines.map(({ productId, quantity, unitPriceMinor }) => ({
    productId,
    quantity,
    unitPriceMinor,
    currency,
  }))
}

const BY_ONE_CALL = { ...GATHERED, of: 'inventory' }

const placeTogether = gatherOn(
  (inventory: Deps['inventory'], reservations: Wanted[]) =>
    byOneCall(reservations.length, () => inventory.placeReservations({ body: { reservations } })),
  { ...BY_ONE_CALL, sizeOf: ({ lines }) => lines.length },
)

const confirmTogether = gatherOn(
  (inventory: Deps['inventory'], orderIds: string[]) =>
    byOneCall(orderIds.length, () => inventory.confirmReservations({ body: { orderIds } })),
  BY_ONE_CALL,
)

/** What inventory says of several orders, in their order; nothing of one that it must be asked for alone. */
async function byOneCall(
  count: number,
  call: () => Promise<{ body: { items: Outcomes } }>,
): Promise<(Reservation | Refused | undefined)[]> {
  const alone = Array.from({ length: count }, () => undefined)
  if (count === 1) return alone
  try {
    const { items } = (await call()).body
    return alone.map((_, index) => {
      const { reservation, refusal } = items[index] ?? {}
      return reservation ?? (refusal ? refused(refusal.code, refusal.productIds) : undefined)
    })
  } catch (error) {
    // An inventory that runs an earlier release does not know the call.
    if (error instanceof RemoteProblem) return alone
    throw error
  }
}

function placeAlone(
  inventory: Deps['inventory'],
  { orderId, lines }: Wanted,
): Promise<Reservation | Refused> {
  return byItself(() => inventory.placeReservation({ params: { orderId }, body: { lines } }))
}

function confirmAlone(inventory: Deps['inventory'], orderId: string): Promise<Reservation | Refused> {
  return byItself(() => inventory.confirmReservation({ params: { orderId } }))
}

async function byItself(call: () => Promise<{ body: Reservation }>): Promise<Reservation | Refused> {
  try {
    return (await call()).body
  } catch (error) {
    if (!(error instanceof RemoteProblem)) throw error
    if (error.status === 429) throw new DependencyUnavailable('inventory', { cause: error })
    const named: unknown = error.members['productIds']
    const productIds = Array.isArray(named) ? named.filter((id): id is string => typeof id === 'string') : []
    const answer = refused(error.code, productIds)
    if (!answer) throw error
    return answer
  }
}

/** The order's rejection for a refusal by inventory; undefined if it is none that orders can meet. */
function refused(code: string, productIds: string[]): Refused | undefined {
  const rejection = REFUSALS[code]
  if (!rejection) return undefined
  return { outcome: 'refused', rejection: productIds.length > 0 ? { ...rejection, productIds } : rejection }
}
