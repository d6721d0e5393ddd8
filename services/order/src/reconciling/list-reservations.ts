import { RESERVATIONS_MAX } from '@bazaar/shared/api/inventory'
import { idBefore } from '@bazaar/shared/database/columns'
import type { Deps } from '../deps.ts'
import type { Kept } from './reconciliation.ts'

/** Inventory's record for an order, with the order it is for. */
export type OrderKept = Kept & { orderId: string }

/** Inventory's records for these orders, of which there are at most a page. */
export async function reservationsOf(
  { inventory }: Pick<Deps, 'inventory'>,
  orderIds: readonly string[],
): Promise<OrderKept[]> {
  return (await inventory.listReservations({ query: { orderIds: orderIds.join(',') } })).body.items
}

/** All of inventory's records for orders placed in the last `hours`, page by page; the ids of orders tell their age. */
export async function* recentReservations(
  { inventory }: Pick<Deps, 'inventory'>,
  hours: number,
): AsyncGenerator<OrderKept[]> {
  let afterOrderId: string | undefined = idBefore(new Date(Date.now() - hours * 3_600_000))
  while (afterOrderId !== undefined) {
    const items: OrderKept[] = (await inventory.listReservations({ query: { afterOrderId } })).body.items
    yield items
    afterOrderId = items.length < RESERVATIONS_MAX ? undefined : items.at(-1)?.orderId
  }
}
