import { describe, expect, test } from 'bun:test'
import { instant, isCurrency } from './schema.ts'

const INSTANT = new RegExp(instant('When').pattern ?? '')

describe('instant()', () => {
  test('takes every day from 1890 to 2110 that the calendar has, and no other', () => {
    for (let year = 1_890; year <= 2_110; year++)
      for (let month = 1; month <= 12; month++)
        for (let day = 0; day <= 32; day++) {
          const text = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
          const isDay = day > 0 && new Date(Date.UTC(year, month - 1, day)).getUTCMonth() === month - 1
          expect([text, INSTANT.test(`${text}T09:30:00.000Z`)]).toEqual([text, isDay])
        }
  })

  test.each([
    '2026-11-29T00:00:00Z',
    '2026-11-29T23:59:59.999Z',
    '2000-02-29T12:00:00.000001Z',
    '0000-02-29T12:00:00Z',
  ])('takes %s', (text) => expect(text).toMatch(INSTANT))

  test.each([
    '2026-02-30T00:00:00Z',
    '2100-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-11-29T24:00:00Z',
    '2026-11-29T09:60:00Z',
    '2026-06-30T23:59:60Z',
    '2026-11-29T09:30:00+00:00',
    '2026-11-29T09:30:00.Z',
    '2026-11-29 09:30:00Z',
    '2026-11-29',
  ])('refuses %s', (text) => expect(text).not.toMatch(INSTANT))
})

describe('isCurrency()', () => {
  test.each(['EUR', 'JPY', 'KWD', 'XOF', 'XAF', 'XPF', 'XCD', 'XCG', 'ZWG', 'VED', 'SLE'])(
    'takes %s',
    (code) => expect(isCurrency(code)).toBe(true),
  )

  test.each([
    'DEM',
    'FRF',
    'BGN',
    'HRK',
    'ANG',
    'CUC',
    'SLL',
    'ZWL',
    'XAU',
    'XTS',
    'XXX',
    'XDR',
    'CHE',
    'CLF',
    'eur',
    '',
  ])('refuses %p', (code) => expect(isCurrency(code)).toBe(false))
})
