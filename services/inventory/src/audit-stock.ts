import { type Database, read } from '@bazaar/shared/database'
import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm'
import type { Deps } from './deps.ts'
import { reservationLines, reservations, stock, stockMovements } from './tables.ts'

/** A product whose stock is not what its ledger, or its reservations, add up to. */
export type Imbalance = { productId: string; difference: 'ledger-not-stock' | 'reserved-not-ledger' }

/** Few: all that ever moved of a product is read, and of some products very much did. */
const PAGE_SIZE = 20
/** What orders move: what they took and did not get back is what is still set aside for them. */
const BY_ORDERS = ['RESERVED', 'RELEASED', 'EXPIRED'] as const

/**
 * Adds up the ledger of every product and compares it with its counter, and what orders took by the ledger with what
 * is set aside for them. A product is looked at in one statement, so nothing that moves meanwhile is a difference.
 * Nothing is repaired: such a difference is a mistake in the program, and a person has to understand it first.
 */
export async function auditStock(deps: Pick<Deps, 'database' | 'log' | 'metrics'>): Promise<Imbalance[]> {
  const found: Imbalance[] = []
  let afterId: string | undefined
  for (;;) {
    const page = await listBalances(deps.database, afterId)
    for (const { productId, stockCount, moved, takenByOrders, setAside } of page) {
      if (moved !== stockCount) found.push({ productId, difference: 'ledger-not-stock' })
      if (takenByOrders !== setAside) found.push({ productId, difference: 'reserved-not-ledger' })
    }
    afterId = page.at(-1)?.productId
    if (page.length < PAGE_SIZE) break
  }
  for (const imbalance of found) {
    deps.metrics.differences.inc({ difference: imbalance.difference })
    deps.log.fatal(imbalance, 'stock does not add up')
  }
  return found
}

async function listBalances(database: Database, afterId: string | undefined) {
  return read(database, async (connection) => {
    const page = await connection
      .select({ id: stock.productId })
      .from(stock)
      .where(afterId === undefined ? undefined : gt(stock.productId, afterId))
      .orderBy(asc(stock.productId))
      .limit(PAGE_SIZE)
    const ids = page.map(({ id }) => id)
    if (ids.length === 0) return []
    const byOrders = inArray(stockMovements.reason, [...BY_ORDERS])
    const ledger = connection
      .select({
        productId: stockMovements.productId,
        moved: sql`sum(${stockMovements.delta})`.as('moved'),
        taken: sql`-sum(if(${byOrders}, ${stockMovements.delta}, 0))`.as('taken'),
      })
      .from(stockMovements)
      .where(inArray(stockMovements.productId, ids))
      .groupBy(stockMovements.productId)
      .as('ledger')
    const setAside = connection
      .select({
        productId: reservationLines.productId,
        units: sql`sum(${reservationLines.quantity} - ${reservationLines.releasedQuantity})`.as('units'),
      })
      .from(reservationLines)
      .innerJoin(reservations, eq(reservations.orderId, reservationLines.orderId))
      .where(
        and(inArray(reservationLines.productId, ids), inArray(reservations.status, ['HELD', 'CONFIRMED'])),
      )
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
      .where(inArray(stock.productId, ids))
      .orderBy(asc(stock.productId))
  })
}
