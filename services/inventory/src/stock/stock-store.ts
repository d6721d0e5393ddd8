import type { Reader, Transaction } from '@bazaar/shared/database/database'
import { InvariantViolation } from '@bazaar/shared/problem'
import { and, asc, desc, eq, inArray, lt, or, sql } from 'drizzle-orm'
import { stock, stockMovements } from '../tables.ts'
import type { Movement, StockLevel, StockLevels } from './stock.ts'

const now = sql`now(3)`.mapWith(stockMovements.at)

/** The time by the database's clock, which alone decides about expiry. */
export async function findNow(connection: Reader): Promise<Date> {
  const [row] = await connection.select({ now }).from(sql`dual`)
  if (!row) throw new Error('the database does not know the time')
  return row.now
}

/** Stock that is locked until the end of the transaction, and the database's time, read under the lock. */
export type LockedStock = { levels: StockLevels; now: Date }

/**
 * Locks the stock of the products, until the end of the transaction. One statement locks all rows, in the order of
 * the ids, before anything that refers to them. Transactions that lock like this may wait for each other, but never
 * in a circle. Products that do not exist are left out; with `skipLocked`, those that are locked elsewhere, too.
 *
 * A second statement then reads the ledger. One statement cannot do both: the ledger rows that it read before it
 * waited for the lock would be out of date, and MySQL locks every table that a locking statement names.
 *
 * @throws {InvariantViolation} when a counter does not match the ledger.
 */
export async function lockStock(
  tx: Transaction,
  productIds: readonly string[],
  options: { skipLocked?: true } = {},
): Promise<LockedStock> {
  const rows = await tx
    .select()
    .from(stock)
    .where(inArray(stock.productId, [...new Set(productIds)]))
    .orderBy(asc(stock.productId))
    .for('update', options)
  if (rows.length === 0) return { levels: new Map(), now: await findNow(tx) }
  const ledger = await tx
    .select({ productId: stockMovements.productId, stockAfter: stockMovements.stockAfter, now })
    .from(stockMovements)
    .where(
      or(
        ...rows.map(({ productId, lastSequence }) =>
          and(eq(stockMovements.productId, productId), eq(stockMovements.sequence, lastSequence)),
        ),
      ),
    )
  const counted = new Map(ledger.map(({ productId, stockAfter }) => [productId, stockAfter]))
  const [line] = ledger
  if (!line || rows.some(({ productId, stockCount }) => counted.get(productId) !== stockCount))
    throw new InvariantViolation('ledger-is-stock', 'The counter of a product does not match its ledger')
  return { levels: new Map(rows.map((level) => [level.productId, level])), now: line.now }
}

/** Stores the stock of a new product, with the ledger line that created it. */
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
 * Stores movements of locked stock: the new counters, and one ledger line each.
 * @throws {InvariantViolation} when a counter changed since it was locked.
 */
export async function saveMovements(
  tx: Transaction,
  locked: StockLevels,
  movements: readonly Movement[],
): Promise<void> {
  if (movements.length === 0) return
  const last = [...new Map(movements.map((movement) => [movement.productId, movement])).values()]
  const unchanged = last.map(({ productId }) => {
    const before = locked.get(productId)
    return and(
      eq(stock.productId, productId),
      eq(stock.stockCount, before?.stockCount ?? -1),
      eq(stock.lastSequence, before?.lastSequence ?? -1),
    )
  })
  const byProduct = (numberOf: (movement: Movement) => number) =>
    sql`case ${stock.productId} ${sql.join(
      last.map((one) => sql`when ${sql.param(one.productId, stock.productId)} then ${numberOf(one)}`),
      sql` `,
    )} end`
  const [result] = await tx
    .update(stock)
    .set({
      stockCount: byProduct(({ stockAfter }) => stockAfter),
      lastSequence: byProduct(({ sequence }) => sequence),
    })
    .where(or(...unchanged))
  if (result.affectedRows !== last.length)
    throw new InvariantViolation('stock-is-locked', 'The counter of a product changed while it was locked')
  await tx.insert(stockMovements).values([...movements])
}

/** The ledger of a product, the newest movement first. */
export async function listMovements(
  connection: Reader,
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

/** The quantities of products that were moved for a reason and a source. */
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
