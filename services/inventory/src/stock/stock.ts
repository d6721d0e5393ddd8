import { InvariantViolation } from '@bazaar/shared/problem'

/** Why stock moves: what its seller does with it, and what orders do. */
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

/** What moves the stock of a product: by how much, why, and on account of what. */
export type Cause = {
  productId: string
  delta: number
  reason: (typeof MOVEMENT_REASONS)[number]
  sourceId: string
}

/** One line of the ledger. */
export type Movement = Cause & { sequence: number; stockAfter: number; at: Date }

/**
 * Moves stock: what is written into the ledger, and the levels after it.
 * @throws {InvariantViolation} when more would be taken than is there: who moves stock has checked before.
 */
export function moveStock(
  levels: StockLevels,
  causes: readonly Cause[],
  at: Date,
): { levels: StockLevels; movements: Movement[] } {
  const after = new Map(levels)
  const movements = causes.map((cause): Movement => {
    const level = after.get(cause.productId)
    if (!level) throw new InvariantViolation('stock-exists', 'Stock was moved that is not there')
    const stockAfter = level.stockCount + cause.delta
    const sequence = level.lastSequence + 1
    if (!Number.isSafeInteger(stockAfter) || stockAfter < 0)
      throw new InvariantViolation('stock-not-negative', 'More stock was taken than is there')
    after.set(cause.productId, { productId: cause.productId, stockCount: stockAfter, lastSequence: sequence })
    return { ...cause, sequence, stockAfter, at }
  })
  return { levels: after, movements }
}
