import { expect, test } from 'bun:test'
import { isAbove, type Sample, slopeOf } from './slope.ts'

const samples = (heldAt: (requests: number) => number): Sample[] =>
  Array.from({ length: 30 }, (_, index) => ({ requests: index * 100, held: heldAt(index * 100) }))
/** What a collector of garbage makes of a level line. */
const wave = (requests: number) => 4e6 * Math.sin(requests)

test('slopeOf() is exact for a straight line', () => {
  expect(slopeOf(samples((requests) => 1e8 + 70 * requests)).perRequest).toBeCloseTo(70)
  expect(slopeOf(samples(() => 1e8))).toEqual({ perRequest: 0, error: 0 })
  expect(() => slopeOf(samples(() => 0).slice(0, 2))).toThrow('fewer than three samples')
})

test('isAbove() tells what grows from what only goes up and down', () => {
  expect(isAbove(slopeOf(samples((requests) => 1e8 + wave(requests))), 1_000)).toBe(false)
  expect(isAbove(slopeOf(samples((requests) => 1e8 + 900 * requests)), 1_000)).toBe(false)
  expect(isAbove(slopeOf(samples((requests) => 1e8 + 9_000 * requests + wave(requests))), 1_000)).toBe(true)
})
