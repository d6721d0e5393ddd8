import { type Database, read } from '@bazaar/shared/database'
import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm'
import type { Deps } from './deps.ts'
import { reservationLines, reservations, stock, stockMovements } from './tables.ts'

/** A product whose stock is not what its ledger, or its reservations, add up to. */
export type Imbalance = { productId: string; difference: 'ledger-not-stock' | 'reserved-not-ledger' }

const PAGE_SIZE = 200
/** What orders move: what they took and did not get back is what is still set aside for them. */
const BY_ORDERS = ['RESERVED', 'RELEASED', 'EXPIRED'] as const

/**
 * Adds up the ledger of every product and compares it with its counter, and what orders took by the ledger with what
 * is set aside for them. Each product is looked at in one statement, so nothing that moves meanwhile is a difference.
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
  const ofProduct = eq(stockMovements.productId, stock.productId)
  return read(database, (connection) => {
    const sumOf = (condition: typeof ofProduct | undefined) =>
      connection
        .select({ sum: sql`coalesce(sum(${stockMovements.delta}), 0)` })
        .from(stockMovements)
        .where(condition)
    const setAside = connection
      .select({
        sum: sql`coalesce(sum(${reservationLines.quantity} - ${reservationLines.releasedQuantity}), 0)`,
      })
      .from(reservationLines)
      .innerJoin(reservations, eq(reservations.orderId, reservationLines.orderId))
      .where(
        and(
          eq(reservationLines.productId, stock.productId),
          inArray(reservations.status, ['HELD', 'CONFIRMED']),
        ),
      )
    return connection
      .select({
        productId: stock.productId,
        stockCount: stock.stockCount,
        moved: sql`(${sumOf(ofProduct)})`.mapWith(Number),
        takenByOrders:
          sql`-(${sumOf(and(ofProduct, inArray(stockMovements.reason, [...BY_ORDERS])))})`.mapWith(Number),
        setAside: sql`(${setAside})`.mapWith(Number),
      })
      .from(stock)
      .where(afterId === undefined ? undefined : gt(stock.productId, afterId))
      .orderBy(asc(stock.productId))
      .limit(PAGE_SIZE)
  })
}
