import type { UserType } from '@bazaar/shared/api/operation'
import type { Reader } from '@bazaar/shared/database/database'
import { and, asc, eq, inArray, isNotNull } from 'drizzle-orm'
import { orderLines, orderParts, orders } from '../tables.ts'
import type { OrderStatus, PartStatus } from './moves.ts'

/** The states in which only the buyer can still act on an order. */
const OPEN_FOR_BUYER: OrderStatus[] = ['PENDING', 'AWAITING_PAYMENT', 'CONFIRMED', 'PARTIALLY_SHIPPED']
/** The states in which an order will reach its sellers, or may. */
const COMING: OrderStatus[] = ['PENDING', 'AWAITING_PAYMENT']
/** The states in which a part waits for its seller to ship it or to report its delivery. */
const OPEN_FOR_SELLER: PartStatus[] = ['AWAITING_SHIPMENT', 'SHIPPED']

type Owner = { userId: string; userType: UserType; most: number }

/** The ids of the orders that still need their buyer or seller, the oldest first. */
export async function listOpenOrderIds(connection: Reader, owner: Owner): Promise<string[]> {
  if (owner.userType === 'BUYER') return listBought(connection, owner)
  const ids = [...(await listComing(connection, owner)), ...(await listSold(connection, owner))]
  return [...new Set(ids)].sort().slice(0, owner.most)
}

async function listBought(connection: Reader, { userId, most }: Owner): Promise<string[]> {
  const found = await connection
    .select({ id: orders.id })
    .from(orders)
    .where(and(eq(orders.buyerId, userId), inArray(orders.status, OPEN_FOR_BUYER)))
    .orderBy(asc(orders.id))
    .limit(most)
  return found.map(({ id }) => id)
}

/**
 * An order has parts only once it is confirmed. Before that, work is due on it, so there are few such orders to go
 * through.
 */
async function listComing(connection: Reader, { userId, most }: Owner): Promise<string[]> {
  const found = await connection
    .selectDistinct({ id: orders.id })
    .from(orders)
    .innerJoin(orderLines, eq(orderLines.orderId, orders.id))
    .where(and(isNotNull(orders.workDueAt), inArray(orders.status, COMING), eq(orderLines.sellerId, userId)))
    .orderBy(asc(orders.id))
    .limit(most)
  return found.map(({ id }) => id)
}

async function listSold(connection: Reader, { userId, most }: Owner): Promise<string[]> {
  const found = await connection
    .select({ id: orderParts.orderId })
    .from(orderParts)
    .where(and(eq(orderParts.sellerId, userId), inArray(orderParts.status, OPEN_FOR_SELLER)))
    .orderBy(asc(orderParts.orderId))
    .limit(most)
  return found.map(({ id }) => id)
}
