import { InvariantViolation } from '@bazaar/shared/problem'

/** The reasons for which stock moves: actions of its seller, and of orders. */
export const MOVEMENT_REASONS = [
  'INITIAL',
  'RESTOCK',
  'CORRECTION',
  'LOSS',
  'RESERVED',
  'RELEASED',
  'EXPIRED',
] as const

/** The stock of a product at one moment. */
export type StockLevel = { productId: string; stockCount: number; lastSequence: number }

/** The stock of several products, by their ids. */
export type StockLevels = ReadonlyMap<string, StockLevel>

/** A movement of a product's stock: the change, its reason and its source. */
export type Cause = {
  productId: string
  delta: number
  reason: (typeof MOVEMENT_REASONS)[number]
  sourceId: string
}

/** One line of the ledger. */
export type Movement = Cause & { sequence: number; stockAfter: number; at: Date }

/**
 * Moves stock: the ledger lines to write, and the levels after them.
 * @throws {InvariantViolation} when more would be taken than is there, because the caller must have checked that.
 */
export function moveStock(
  levels: StockLevels,
  causes: readonly Cause[],
  at: Date,
): { levels: StockLevels; movements: Movement[] } {
  const after = new Map(levels)
  const movements = causes.map((cause): Movement => {
    const level = after.get(cause.productId)
    if (!level) throw new InvariantViolation('stock-exists', 'Stock was moved for a product that has none')
    const stockAfter = level.stockCount + cause.delta
    const sequence = level.lastSequence + 1
    if (!Number.isSafeInteger(stockAfter) || stockAfter < 0)
      throw new InvariantViolation('stock-not-negative', 'More stock was taken than is there')
    after.set(cause.productId, { productId: cause.productId, stockCount: stockAfter, lastSequence: sequence })
    return { ...cause, sequence, stockAfter, at }
  })
  return { levels: after, movements }
}
