import { describe, expect, test } from 'bun:test'
import {
  type AskedLine,
  allows,
  confirmStock,
  holdStock,
  type Reservation,
  repeatReservation,
} from './reservation.ts'
import { asked, earlier, later, now, outcome, stored, tombstone } from './sample-reservation.ts'

describe('a reservation', () => {
  const table: [name: string, from: Reservation, repeat: string, confirm: string][] = [
    ['HELD', stored('HELD'), 'HELD', 'CONFIRMED'],
    ['HELD for too long', stored('HELD', earlier), 'HELD', 'reservation-expired'],
    ['HELD until now', stored('HELD', now), 'HELD', 'reservation-expired'],
    ['CONFIRMED', stored('CONFIRMED'), 'CONFIRMED', 'CONFIRMED'],
    ['CONFIRMED long ago', stored('CONFIRMED', earlier), 'CONFIRMED', 'CONFIRMED'],
    ['RELEASED', stored('RELEASED'), 'order-cancelled', 'order-cancelled'],
    ['EXPIRED', stored('EXPIRED'), 'reservation-expired', 'reservation-expired'],
    ['a tombstone', tombstone, 'order-cancelled', 'order-cancelled'],
  ]
  for (const [name, from, repeat, confirm] of table) {
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
  }
})

describe('allows()', () => {
  const allowed = {
    HELD: ['confirm', 'expire', 'release'],
    CONFIRMED: ['confirm', 'release'],
    RELEASED: [],
    EXPIRED: [],
  } as const
  for (const status of ['HELD', 'CONFIRMED', 'RELEASED', 'EXPIRED'] as const) {
    test(`lets a reservation that is ${status} make these moves alone: ${allowed[status].join(', ')}`, () => {
      const moves = ['confirm', 'expire', 'release'] as const
      expect(moves.filter((move) => allows(status, move))).toEqual([...allowed[status]])
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
