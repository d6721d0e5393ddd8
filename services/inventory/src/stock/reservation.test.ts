import { describe, expect, test } from 'bun:test'
import { DomainError } from '@bazaar/shared/problem'
import {
  type AskedLine,
  confirmStock,
  demandBalance,
  expireStock,
  holdStock,
  type Offer,
  type Reservation,
  type ReservationStatus,
  refuseUnlessReservable,
  releaseStock,
  repeatReservation,
} from './reservation.ts'

const now = new Date('2026-01-31T09:30:00.000Z')
const later = new Date(now.getTime() + 60_000)
const earlier = new Date(now.getTime() - 1)

const asked: AskedLine[] = [
  { productId: 'a', quantity: 2, unitPriceMinor: 500, currency: 'EUR' },
  { productId: 'b', quantity: 1, unitPriceMinor: 900, currency: 'EUR' },
]

function stored(status: ReservationStatus, expiresAt: Date | null = later): Reservation {
  const held = holdStock('o1', asked, later)
  const gone = status === 'RELEASED' || status === 'EXPIRED'
  return {
    ...held,
    status,
    expiresAt,
    lines: gone ? held.lines.map((line) => ({ ...line, releasedQuantity: line.quantity })) : held.lines,
  }
}

const tombstone: Reservation = { orderId: 'o1', status: 'RELEASED', expiresAt: null, lines: [] }

/** The code of the refusal, or what the answer has to show. */
function outcome<T>(act: () => T, show: (answer: T) => string): string {
  try {
    return show(act())
  } catch (error) {
    if (error instanceof DomainError) return error.code
    throw error
  }
}

describe('refuseUnlessReservable()', () => {
  const listed: Offer = { status: 'LISTED', priceMinor: 500, currency: 'EUR' }
  const level = (productId: string, stockCount: number) =>
    [productId, { productId, stockCount, lastSequence: 1 }] as const
  const enough = new Map([level('a', 2), level('b', 1)])
  const good = new Map<string, Offer>([
    ['a', listed],
    ['b', { ...listed, priceMinor: 900 }],
  ])

  const cases: [
    name: string,
    offers: Map<string, Offer>,
    levels: typeof enough,
    code: string,
    ids: string[],
  ][] = [
    ['everything is there', good, enough, 'reserved', []],
    ['a product is unknown', new Map([...good].slice(1)), enough, 'product-gone', ['a']],
    ['a product has no stock row', good, new Map([level('a', 2)]), 'product-gone', ['b']],
    [
      'a product is archived',
      new Map([...good, ['a', { ...listed, status: 'ARCHIVED' }]]),
      enough,
      'product-gone',
      ['a'],
    ],
    ['a price changed', new Map([...good, ['b', listed]]), enough, 'price-changed', ['b']],
    [
      'the currency changed',
      new Map([...good, ['a', { ...listed, currency: 'USD' }]]),
      enough,
      'price-changed',
      ['a'],
    ],
    ['one unit is missing', good, new Map([level('a', 1), level('b', 1)]), 'out-of-stock', ['a']],
    ['nothing is left', good, new Map([level('a', 0), level('b', 0)]), 'out-of-stock', ['a', 'b']],
  ]
  for (const [name, offers, levels, code, productIds] of cases) {
    test(`says ${code} when ${name}`, () => {
      let refusal: unknown
      try {
        refuseUnlessReservable(asked, { offers, levels })
      } catch (error) {
        refusal = error
      }
      if (code === 'reserved') return expect(refusal).toBeUndefined()
      expect(refusal).toMatchObject({ code, members: { productIds } })
    })
  }
})

describe('a reservation', () => {
  const cancelAll = asked.map(({ productId, quantity }) => ({ productId, quantity }))
  const table: [
    name: string,
    from: Reservation,
    repeat: string,
    confirm: string,
    release: string,
    expire: string,
  ][] = [
    ['HELD', stored('HELD'), 'HELD', 'CONFIRMED', 'RELEASED', 'untouched'],
    ['HELD for too long', stored('HELD', earlier), 'HELD', 'reservation-expired', 'RELEASED', 'EXPIRED'],
    ['HELD until now', stored('HELD', now), 'HELD', 'reservation-expired', 'RELEASED', 'EXPIRED'],
    ['CONFIRMED', stored('CONFIRMED'), 'CONFIRMED', 'CONFIRMED', 'RELEASED', 'untouched'],
    ['CONFIRMED long ago', stored('CONFIRMED', earlier), 'CONFIRMED', 'CONFIRMED', 'RELEASED', 'untouched'],
    ['RELEASED', stored('RELEASED'), 'order-cancelled', 'order-cancelled', 'more-than-reserved', 'untouched'],
    ['EXPIRED', stored('EXPIRED'), 'reservation-expired', 'reservation-expired', 'EXPIRED', 'untouched'],
    ['a tombstone', tombstone, 'order-cancelled', 'order-cancelled', 'RELEASED', 'untouched'],
  ]
  for (const [name, from, repeat, confirm, release, expire] of table) {
    test(`that is ${name}: asked again ${repeat}`, () => {
      expect(
        outcome(
          () => repeatReservation(from, asked),
          ({ status }) => status,
        ),
      ).toBe(repeat)
    })
    test(`that is ${name}: confirmed ${confirm}`, () => {
      expect(
        outcome(
          () => confirmStock(from, now),
          ({ status }) => status,
        ),
      ).toBe(confirm)
    })
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

describe('repeatReservation()', () => {
  const [first, second] = asked
  const others: [name: string, lines: (AskedLine | undefined)[]][] = [
    ['fewer lines', [first]],
    ['another quantity', [first && { ...first, quantity: 3 }, second]],
    ['another product', [first && { ...first, productId: 'c' }, second]],
    ['another price', [first && { ...first, unitPriceMinor: 499 }, second]],
  ]
  for (const [name, lines] of others) {
    test(`refuses ${name}`, () => {
      const given = lines.filter((line) => line !== undefined)
      expect(
        outcome(
          () => repeatReservation(stored('HELD'), given),
          () => 'same',
        ),
      ).toBe('reservation-mismatch')
    })
  }

  test('refuses another quantity of a single line', () => {
    const one = holdStock('o1', asked.slice(0, 1), later)
    const more = asked.slice(0, 1).map((line) => ({ ...line, quantity: 3 }))
    expect(() => repeatReservation(one, more)).toThrow(
      expect.objectContaining({ code: 'reservation-mismatch' }),
    )
  })

  test('takes the same lines in another order for the same', () => {
    expect(repeatReservation(stored('HELD'), asked.toReversed()).status).toBe('HELD')
  })
})

describe('holdStock()', () => {
  test('holds everything that was asked for, for a while', () => {
    expect(holdStock('o1', asked, later)).toEqual({
      orderId: 'o1',
      status: 'HELD',
      expiresAt: later,
      lines: asked.map((line) => ({ ...line, releasedQuantity: 0 })),
    })
  })
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
