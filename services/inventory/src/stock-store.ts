import type { Connection, Transaction } from '@bazaar/shared/database'
import { InvariantViolation } from '@bazaar/shared/problem'
import { and, asc, desc, eq, inArray, lt, sql } from 'drizzle-orm'
import type { Movement, StockLevel, StockLevels } from './stock.ts'
import { stock, stockMovements } from './tables.ts'

/** The time by the database's clock, which alone decides when something expires. */
export async function findNow(connection: Connection): Promise<Date> {
  const [row] = await connection.select({ now: sql`now(3)`.mapWith(stockMovements.at) }).from(sql`dual`)
  if (!row) throw new Error('the database does not know the time')
  return row.now
}

/**
 * The stock of the products, held until the end of the transaction. All of it is locked by one statement, in
 * the order of the ids, before anything that refers to it: whoever does it like this waits, but never in a circle.
 * What is not found is left out.
 *
 * @throws {InvariantViolation} when a counter is not what the ledger says.
 */
export async function lockStock(tx: Transaction, productIds: readonly string[]): Promise<StockLevels> {
  const rows = await tx
    .select({
      productId: stock.productId,
      stockCount: stock.stockCount,
      lastSequence: stock.lastSequence,
      ledgerCount: stockMovements.stockAfter,
    })
    .from(stock)
    .leftJoin(
      stockMovements,
      and(eq(stockMovements.productId, stock.productId), eq(stockMovements.sequence, stock.lastSequence)),
    )
    .where(inArray(stock.productId, [...new Set(productIds)]))
    .orderBy(asc(stock.productId))
    .for('update')
  return new Map(
    rows.map(({ ledgerCount, ...level }) => {
      if (ledgerCount !== level.stockCount)
        throw new InvariantViolation(
          'ledger-is-stock',
          'The counter of a product is not what its ledger says',
        )
      return [level.productId, level] as const
    }),
  )
}

/** Stores the stock of a new product, and that it came from nowhere. */
export async function insertStock(
  tx: Transaction,
  { productId, stockCount }: Pick<StockLevel, 'productId' | 'stockCount'>,
): Promise<void> {
  await tx.insert(stock).values({ productId, stockCount, lastSequence: 1 })
  await tx.insert(stockMovements).values({
    productId,
    sequence: 1,
    delta: stockCount,
    reason: 'INITIAL',
    sourceId: productId,
    stockAfter: stockCount,
    at: sql`now(3)`,
  })
}

/**
 * Stores movements of stock that is locked: the counters as they are after them, and a line of the ledger each.
 * @throws {InvariantViolation} when a counter is not what it was when it was locked.
 */
export async function saveMovements(
  tx: Transaction,
  locked: StockLevels,
  movements: readonly Movement[],
): Promise<void> {
  if (movements.length === 0) return
  const last = new Map(movements.map((movement) => [movement.productId, movement]))
  for (const { productId, stockAfter, sequence } of last.values()) {
    const before = locked.get(productId)
    const [result] = await tx
      .update(stock)
      .set({ stockCount: stockAfter, lastSequence: sequence })
      .where(
        and(
          eq(stock.productId, productId),
          eq(stock.stockCount, before?.stockCount ?? -1),
          eq(stock.lastSequence, before?.lastSequence ?? -1),
        ),
      )
    if (result.affectedRows !== 1)
      throw new InvariantViolation('stock-is-locked', 'The counter of a product changed while it was locked')
  }
  await tx.insert(stockMovements).values([...movements])
}

/** The ledger of a product, the newest movement first. */
export async function listMovements(
  connection: Connection,
  {
    productId,
    beforeSequence,
    most,
  }: { productId: string; beforeSequence: number | undefined; most: number },
) {
  return connection
    .select()
    .from(stockMovements)
    .where(
      and(
        eq(stockMovements.productId, productId),
        beforeSequence === undefined ? undefined : lt(stockMovements.sequence, beforeSequence),
      ),
    )
    .orderBy(desc(stockMovements.sequence))
    .limit(most)
}

/** Which quantities of which products were moved for a reason on account of one source. */
export async function listMovementsOf(
  tx: Transaction,
  source: { reason: Movement['reason']; sourceId: string; productIds: readonly string[] },
): Promise<{ productId: string; delta: number }[]> {
  return tx
    .select({ productId: stockMovements.productId, delta: stockMovements.delta })
    .from(stockMovements)
    .where(
      and(
        inArray(stockMovements.productId, [...source.productIds]),
        eq(stockMovements.reason, source.reason),
        eq(stockMovements.sourceId, source.sourceId),
      ),
    )
}
