import type { Reader } from '@bazaar/shared/database/database'
import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm'
import { reservationLines, reservations, stock, stockMovements } from '../tables.ts'

/** The stock of a product, and what it should be by its ledger and by its reservations. */
export type Balance = {
  productId: string
  stockCount: number
  moved: number
  takenByOrders: number
  setAside: number
}

/** The movements of orders: what they took and did not give back is still reserved for them. */
export const BY_ORDERS = ['RESERVED', 'RELEASED', 'EXPIRED'] as const
const byOrders = inArray(stockMovements.reason, [...BY_ORDERS])
/** Whether a reservation still sets its lines aside. */
export const isSetAside = inArray(reservations.status, ['HELD', 'CONFIRMED'])
/** The units of a line that were not given back. */
export const unitsLeft = sql`${reservationLines.quantity} - ${reservationLines.releasedQuantity}`

/** The counters of products after the given one, by their ids. */
export async function listLevels(
  connection: Reader,
  { afterId, most }: { afterId: string | undefined; most: number },
) {
  return connection
    .select({ productId: stock.productId, lastSequence: stock.lastSequence })
    .from(stock)
    .where(afterId === undefined ? undefined : gt(stock.productId, afterId))
    .orderBy(asc(stock.productId))
    .limit(most)
}

/** The balances of products with few movements, in one statement. */
export async function listBalances(connection: Reader, ids: readonly string[]): Promise<Balance[]> {
  if (ids.length === 0) return []
  const ledger = connection
    .select({
      productId: stockMovements.productId,
      moved: sql`sum(${stockMovements.delta})`.as('moved'),
      taken: sql`-sum(if(${byOrders}, ${stockMovements.delta}, 0))`.as('taken'),
    })
    .from(stockMovements)
    .where(inArray(stockMovements.productId, [...ids]))
    .groupBy(stockMovements.productId)
    .as('ledger')
  const setAside = connection
    .select({ productId: reservationLines.productId, units: sql`sum(${unitsLeft})`.as('units') })
    .from(reservationLines)
    .innerJoin(reservations, eq(reservations.orderId, reservationLines.orderId))
    .where(and(inArray(reservationLines.productId, [...ids]), isSetAside))
    .groupBy(reservationLines.productId)
    .as('set_aside')
  return connection
    .select({
      productId: stock.productId,
      stockCount: stock.stockCount,
      moved: sql`coalesce(${ledger.moved}, 0)`.mapWith(Number),
      takenByOrders: sql`coalesce(${ledger.taken}, 0)`.mapWith(Number),
      setAside: sql`coalesce(${setAside.units}, 0)`.mapWith(Number),
    })
    .from(stock)
    .leftJoin(ledger, eq(ledger.productId, stock.productId))
    .leftJoin(setAside, eq(setAside.productId, stock.productId))
    .where(inArray(stock.productId, [...ids]))
}
