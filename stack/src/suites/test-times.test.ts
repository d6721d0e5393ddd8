import { expect, test } from 'bun:test'
import { clock, forecastMs, whereIn } from './test-times.ts'

const times = { format: 2_000, unit: 30_500, order: 60_000 }

test('forecastMs() adds up what the suites took, and says nothing when one has never passed here', () => {
  expect(forecastMs(['format', 'unit'], times)).toBe(32_500)
  expect(forecastMs(['format', 'faults'], times)).toBeUndefined()
})

test('whereIn() says how far a run is, and of how much when that is known', () => {
  const run = { number: 2, count: 3, passedMs: 2_100 }
  expect(whereIn({ ...run, totalMs: 92_500 })).toBe('2 of 3 · 0:02 of about 1:33')
  expect(whereIn({ ...run, totalMs: undefined })).toBe('2 of 3 · 0:02')
})

test('clock() shows minutes and seconds', () => {
  expect([0, 59_499, 59_500, 600_000].map(clock)).toEqual(['0:00', '0:59', '1:00', '10:00'])
})
