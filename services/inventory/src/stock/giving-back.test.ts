import { describe, expect, test } from 'bun:test'
import { demandBalance, expireStock, releaseStock } from './giving-back.ts'
import type { Reservation } from './reservation.ts'
import { asked, earlier, now, outcome, stored, tombstone } from './sample-reservation.ts'

describe('a reservation', () => {
  const cancelAll = asked.map(({ productId, quantity }) => ({ productId, quantity }))
  const table: [name: string, from: Reservation, release: string, expire: string][] = [
    ['HELD', stored('HELD'), 'RELEASED', 'untouched'],
    ['HELD for too long', stored('HELD', earlier), 'RELEASED', 'EXPIRED'],
    ['HELD until now', stored('HELD', now), 'RELEASED', 'EXPIRED'],
    ['CONFIRMED', stored('CONFIRMED'), 'RELEASED', 'untouched'],
    ['CONFIRMED long ago', stored('CONFIRMED', earlier), 'RELEASED', 'untouched'],
    ['RELEASED', stored('RELEASED'), 'more-than-reserved', 'untouched'],
    ['EXPIRED', stored('EXPIRED'), 'EXPIRED', 'untouched'],
    ['a tombstone', tombstone, 'RELEASED', 'untouched'],
  ]
  for (const [name, from, release, expire] of table) {
    test(`that is ${name}: cancelled ${release}`, () => {
      expect(
        outcome(
          () => releaseStock(from, cancelAll),
          ({ reservation }) => reservation.status,
        ),
      ).toBe(release)
    })
    test(`that is ${name}: swept ${expire}`, () => {
      expect(expireStock(from, now)?.reservation.status ?? 'untouched').toBe(expire)
    })
  }
})

describe('demandBalance()', () => {
  const before = releaseStock(stored('CONFIRMED'), [{ productId: 'a', quantity: 1 }]).reservation
  const { reservation: after } = releaseStock(before, [
    { productId: 'a', quantity: 1 },
    { productId: 'b', quantity: 1 },
  ])
  const [a, b] = [
    { productId: 'a', quantity: 1 },
    { productId: 'b', quantity: 1 },
  ]

  test('is content when what is given up goes back, in one piece or in several', () => {
    demandBalance({ before, after }, [b, a])
    demandBalance({ before, after }, [{ ...a, quantity: 2 }, { ...a, quantity: -1 }, b])
    demandBalance({ before, after: before }, [])
  })

  test.each([
    ['less', [a]],
    ['nothing', []],
    ['more', [a, { ...b, quantity: 2 }]],
    ['the same twice', [a, b, b]],
    ['something else as well', [a, b, { productId: 'c', quantity: 0 }]],
    ['what was given up before as well', [{ ...a, quantity: 2 }, b]],
  ])('refuses that %s goes back', (_, returned) => {
    expect(() => demandBalance({ before, after }, returned)).toThrow(
      expect.objectContaining({ invariant: 'released-is-taken' }),
    )
  })

  test('counts all of a line that was not there before', () => {
    const fresh = { productId: 'c', quantity: 5, releasedQuantity: 2, unitPriceMinor: 100, currency: 'EUR' }
    const more = { ...after, lines: [...after.lines, fresh] }
    demandBalance({ before, after: more }, [a, b, { productId: 'c', quantity: 2 }])
  })
})

describe('releaseStock()', () => {
  test('gives back a part and keeps the rest', () => {
    const { reservation, returned } = releaseStock(stored('CONFIRMED'), [{ productId: 'a', quantity: 1 }])
    expect(reservation.status).toBe('CONFIRMED')
    expect(reservation.lines.map(({ releasedQuantity }) => releasedQuantity)).toEqual([1, 0])
    expect(returned).toEqual([{ productId: 'a', quantity: 1 }])
  })

  test('is RELEASED once the last unit went back', () => {
    const part = releaseStock(stored('CONFIRMED'), [{ productId: 'a', quantity: 2 }]).reservation
    const whole = releaseStock(part, [{ productId: 'b', quantity: 1 }]).reservation
    expect([part.status, whole.status]).toEqual(['CONFIRMED', 'RELEASED'])
  })

  test('refuses more than is left, and products that were not reserved', () => {
    const part = releaseStock(stored('CONFIRMED'), [{ productId: 'a', quantity: 1 }]).reservation
    for (const line of [
      { productId: 'a', quantity: 2 },
      { productId: 'c', quantity: 1 },
    ]) {
      expect(
        outcome(
          () => releaseStock(part, [line]),
          () => 'released',
        ),
      ).toBe('more-than-reserved')
    }
  })

  test('gives nothing back of what expired or never came', () => {
    const all = [{ productId: 'a', quantity: 2 }]
    expect(releaseStock(stored('EXPIRED'), all).returned).toEqual([])
    expect(releaseStock(tombstone, all).returned).toEqual([])
  })
})

describe('expireStock()', () => {
  test('gives nothing back of a line of which nothing is left', () => {
    const part = releaseStock(stored('HELD', earlier), [{ productId: 'b', quantity: 1 }]).reservation
    expect(expireStock(part, now)?.returned).toEqual([{ productId: 'a', quantity: 2 }])
  })

  test('gives back only what was not given back before', () => {
    const part = releaseStock(stored('HELD', earlier), [{ productId: 'a', quantity: 1 }]).reservation
    expect(expireStock(part, now)?.returned).toEqual([
      { productId: 'a', quantity: 1 },
      { productId: 'b', quantity: 1 },
    ])
  })
})
