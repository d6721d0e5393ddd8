import type { Reader, Transaction } from '@bazaar/shared/database/database'
import { and, asc, desc, eq, inArray, lt, type SQL } from 'drizzle-orm'
import type { PartStatus } from '../orders/moves.ts'
import { orderLines, orderParts, orders } from '../tables.ts'

/** One seller's part of an order, as it is stored. */
export type StoredSale = {
  order: typeof orders.$inferSelect
  part: typeof orderParts.$inferSelect
  lines: (typeof orderLines.$inferSelect)[]
}

/** The filters of a list of sales, and the place where its page starts. */
export type SaleFilter = {
  sellerId: string
  status?: PartStatus | undefined
  orderId?: string | undefined
  beforeId?: string | undefined
  most: number
}

/** A seller's parts of orders, the newest first. */
export async function listSales(connection: Reader, filter: SaleFilter): Promise<StoredSale[]> {
  const found = await connection
    .select({ order: orders, part: orderParts })
    .from(orderParts)
    .innerJoin(orders, eq(orders.id, orderParts.orderId))
    .where(
      and(
        eq(orderParts.sellerId, filter.sellerId),
        filter.status && eq(orderParts.status, filter.status),
        filter.orderId === undefined ? undefined : eq(orderParts.orderId, filter.orderId),
        filter.beforeId === undefined ? undefined : lt(orderParts.orderId, filter.beforeId),
      ),
    )
    .orderBy(desc(orderParts.orderId))
    .limit(filter.most)
  if (found.length === 0) return []
  const lines = await connection
    .select()
    .from(orderLines)
    .where(
      and(
        inArray(
          orderLines.orderId,
          found.map(({ order }) => order.id),
        ),
        eq(orderLines.sellerId, filter.sellerId),
      ),
    )
    .orderBy(asc(orderLines.position))
  return found.map((sale) => ({ ...sale, lines: lines.filter((line) => line.orderId === sale.order.id) }))
}

/** A seller's part of one order, if they have one. */
export async function findSale(
  connection: Reader,
  orderId: string,
  sellerId: string,
): Promise<StoredSale | undefined> {
  const [sale] = await listSales(connection, { sellerId, orderId, most: 1 })
  return sale
}

/** Stores the state of a seller's part, and its shipment. */
export async function savePart(
  tx: Transaction,
  { orderId, sellerId }: { orderId: string; sellerId: string },
  change: {
    carrier?: string | null
    trackingNumber?: string | null
    shippedAt?: SQL
    deliveredAt?: SQL
  },
): Promise<void> {
  await tx
    .update(orderParts)
    .set(change)
    .where(and(eq(orderParts.orderId, orderId), eq(orderParts.sellerId, sellerId)))
}
