import { describe, expect, test } from 'bun:test'
import { momentOf, refuseInverted } from './moments.ts'

describe('momentOf()', () => {
  test.each([
    ['2026-01-31T09:30:00Z', '2026-01-31T09:30:00.000Z'],
    ['2026-01-31T09:30:00.5Z', '2026-01-31T09:30:00.500Z'],
    ['2026-01-31T09:30:00.123Z', '2026-01-31T09:30:00.123Z'],
    ['2026-01-31T09:30:00.123000Z', '2026-01-31T09:30:00.123Z'],
    ['2026-01-31T09:30:00.123001Z', '2026-01-31T09:30:00.124Z'],
    ['2026-01-31T09:30:00.1239Z', '2026-01-31T09:30:00.124Z'],
    ['2026-01-31T23:59:59.9999Z', '2026-02-01T00:00:00.000Z'],
    ['2026-01-31t09:30:00z', '2026-01-31T09:30:00.000Z'],
    ['2026-01-31T09:30:00.123001+00:00', '2026-01-31T09:30:00.124Z'],
    ['2026-01-31T15:00:00+05:30', '2026-01-31T09:30:00.000Z'],
    ['2026-01-31T01:30:00-08:00', '2026-01-31T09:30:00.000Z'],
    ['9999-12-31T23:59:59.9999Z', '9999-12-31T23:59:59.999Z'],
    ['9999-12-31T23:59:59-23:59', '9999-12-31T23:59:59.999Z'],
    ['0000-01-01T00:00:00+23:59', '0001-01-01T00:00:00.000Z'],
  ])('takes %s for %s', (text, moment) => {
    expect(momentOf(text)?.toISOString()).toBe(moment)
  })

  test('knows of no moment where none is given', () => {
    expect(momentOf(undefined)).toBeUndefined()
  })
})

describe('refuseInverted()', () => {
  const [earlier, later] = [new Date(1_000), new Date(1_001)]

  test.each([
    [{}],
    [{ placedFrom: later }],
    [{ placedBefore: earlier }],
    [{ placedFrom: earlier, placedBefore: earlier }],
    [{ placedFrom: earlier, placedBefore: later }],
  ])('lets %j pass', (range) => {
    refuseInverted(range)
  })

  test('refuses a range that ends before it begins', () => {
    expect(() => refuseInverted({ placedFrom: later, placedBefore: earlier })).toThrow(
      expect.objectContaining({
        code: 'validation-failed',
        errors: [{ pointer: '/query/placedFrom', code: 'maximum' }],
      }),
    )
  })
})
