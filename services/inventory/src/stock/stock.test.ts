import { describe, expect, test } from 'bun:test'
import { InvariantViolation } from '@bazaar/shared/problem'
import { moveStock } from './stock.ts'

const at = new Date('2026-01-31T09:30:00.000Z')
const levels = new Map([
  ['a', { productId: 'a', stockCount: 5, lastSequence: 7 }],
  ['b', { productId: 'b', stockCount: 0, lastSequence: 1 }],
])
const take = (productId: string, quantity: number, sourceId = 'o1') => ({
  productId,
  delta: -quantity,
  reason: 'RESERVED' as const,
  sourceId,
})

describe('moveStock()', () => {
  test('numbers the movements of a product and carries its count on', () => {
    const moved = moveStock(levels, [take('a', 2), take('a', 3, 'o2')], at)
    expect(moved.movements.map(({ sequence, stockAfter }) => ({ sequence, stockAfter }))).toEqual([
      { sequence: 8, stockAfter: 3 },
      { sequence: 9, stockAfter: 0 },
    ])
    expect(moved.levels.get('a')).toEqual({ productId: 'a', stockCount: 0, lastSequence: 9 })
  })

  test('leaves the levels it was given as they were', () => {
    moveStock(levels, [take('a', 2)], at)
    expect(levels.get('a')?.stockCount).toBe(5)
  })

  test('never takes more than there is', () => {
    expect(() => moveStock(levels, [take('a', 3), take('a', 3, 'o2')], at)).toThrow(InvariantViolation)
    expect(() => moveStock(levels, [take('b', 1)], at)).toThrow(
      expect.objectContaining({ invariant: 'stock-not-negative' }),
    )
  })

  test('moves nothing of a product whose stock was not looked at', () => {
    expect(() => moveStock(levels, [take('c', 1)], at)).toThrow(
      expect.objectContaining({ invariant: 'stock-exists' }),
    )
  })
})
