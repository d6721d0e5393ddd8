import type { Reader } from '@bazaar/shared/database/database'
import { and, asc, desc, eq, gte, inArray, lt } from 'drizzle-orm'
import { orderLines, orders } from '../tables.ts'
import type { OrderStatus } from './moves.ts'
import type { StoredOrder } from './order-store.ts'

/** The filters of a list of orders, and the place where its page starts. */
export type OrderFilter = {
  buyerId: string
  status?: OrderStatus | undefined
  placedFrom?: Date | undefined
  placedBefore?: Date | undefined
  beforeId?: string | undefined
  most: number
}

/** An order as a list shows it. */
export type ListedOrder = Pick<StoredOrder, 'id' | 'status' | 'currency' | 'totalMinor' | 'placedAt'> & {
  lines: Pick<StoredOrder['lines'][number], 'productId' | 'name' | 'quantity'>[]
}

const { id, status, currency, totalMinor, placedAt } = orders
const { orderId, productId, name, quantity } = orderLines

/** The orders of a buyer, the newest first: ids sort by time of creation. */
export async function listOrders(connection: Reader, filter: OrderFilter): Promise<ListedOrder[]> {
  const heads = await connection
    .select({ id, status, currency, totalMinor, placedAt })
    .from(orders)
    .where(
      and(
        eq(orders.buyerId, filter.buyerId),
        filter.status && eq(orders.status, filter.status),
        filter.placedFrom && gte(orders.placedAt, filter.placedFrom),
        filter.placedBefore && lt(orders.placedAt, filter.placedBefore),
        filter.beforeId === undefined ? undefined : lt(orders.id, filter.beforeId),
      ),
    )
    .orderBy(desc(orders.id))
    .limit(filter.most)
  const ids = heads.map((head) => head.id)
  const lines =
    ids.length === 0
      ? []
      : await connection
          .select({ orderId, productId, name, quantity })
          .from(orderLines)
          .where(inArray(orderLines.orderId, ids))
          .orderBy(asc(orderLines.position))
  return heads.map((head) => ({ ...head, lines: lines.filter((line) => line.orderId === head.id) }))
}
