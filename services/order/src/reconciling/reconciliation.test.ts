import { describe, expect, test } from 'bun:test'
import { ORDER_STATUSES, PAYMENT_STATUSES } from '@bazaar/shared/api/order'
import type { OrderStatus } from '../orders/moves.ts'
import type { Part } from '../orders/order.ts'
import {
  isKeptForGood,
  type Kept,
  type OwnRows,
  ownDifferencesOf,
  stockDifferenceOf,
} from './reconciliation.ts'

const CUP = { productId: 'cup', sellerId: 'anna', unitPriceMinor: 500, quantity: 3, cancelledQuantity: 1 }
const POT = { productId: 'pot', sellerId: 'bert', unitPriceMinor: 2_000, quantity: 1, cancelledQuantity: 0 }
const NOTHING_LEFT = [
  { ...CUP, cancelledQuantity: 3 },
  { ...POT, cancelledQuantity: 1 },
]
const PARTS: Part[] = [
  { sellerId: 'anna', status: 'AWAITING_SHIPMENT' },
  { sellerId: 'bert', status: 'AWAITING_SHIPMENT' },
]
const OPEN: readonly OrderStatus[] = ['PENDING', 'AWAITING_PAYMENT']
const DEAD: readonly OrderStatus[] = ['CANCELLED', 'REJECTED']
const OTHERS = ORDER_STATUSES.filter((status) => !OPEN.includes(status) && !DEAD.includes(status))

describe('stockDifferenceOf()', () => {
  const order = (status: OrderStatus, stockIsOut = false) => ({
    status,
    lines: [CUP, POT],
    parts: PARTS,
    stockIsOut,
  })
  const kept = (cups: number, pots: number, status: Kept['status'] = 'CONFIRMED'): Kept => ({
    status,
    lines: [
      { productId: 'cup', quantity: cups },
      { productId: 'pot', quantity: pots },
    ],
  })

  test.each(OPEN)('finds none of an order that is %s, in each state of its reservation', (status) => {
    for (const any of [undefined, kept(9, 9), kept(0, 0, 'HELD')])
      expect(stockDifferenceOf(order(status, true), any)).toBeUndefined()
  })

  test.each(OTHERS)('compares what is left of an order that is %s', (status) => {
    expect(stockDifferenceOf(order(status), kept(2, 1))).toBeUndefined()
    expect(stockDifferenceOf(order(status), kept(3, 1))).toBe('stock-not-returned')
    expect(stockDifferenceOf(order(status), kept(3, 0))).toBe('stock-not-returned')
    expect(stockDifferenceOf(order(status), kept(2, 0))).toBe('stock-missing')
    expect(stockDifferenceOf(order(status), { status: 'CONFIRMED', lines: [] })).toBe('stock-missing')
    expect(stockDifferenceOf(order(status), undefined)).toBe('stock-missing')
    expect(stockDifferenceOf(order(status), kept(2, 1, 'HELD'))).toBe('stock-not-kept')
    expect(stockDifferenceOf(order(status, true), kept(2, 1))).toBe('return-not-noted')
    expect(stockDifferenceOf(order(status, true), kept(3, 1))).toBe('stock-not-returned')
  })

  test.each(DEAD)('wants nothing kept for an order that is %s', (status) => {
    for (const nothing of [undefined, kept(0, 0, 'RELEASED'), kept(0, 0, 'HELD')])
      expect(stockDifferenceOf(order(status), nothing)).toBeUndefined()
    expect(stockDifferenceOf(order(status), kept(0, 1))).toBe('stock-not-returned')
    expect(stockDifferenceOf(order(status, true), kept(0, 0))).toBe('return-not-noted')
  })
})

test.each([
  ['CONFIRMED', 1, true],
  ['CONFIRMED', 0, false],
  ['HELD', 1, false],
  ['EXPIRED', 1, false],
  ['RELEASED', 1, false],
] as const)('isKeptForGood() of what is %s with %d units is %p', (status, quantity, expected) => {
  expect(
    isKeptForGood({
      status,
      lines: [
        { productId: 'pot', quantity: 0 },
        { productId: 'cup', quantity },
      ],
    }),
  ).toBe(expected)
})

/** An order that is confirmed and paid, whose rows agree. */
function sound(other: Partial<OwnRows> = {}): OwnRows {
  return {
    status: 'CONFIRMED',
    lines: [CUP, POT],
    parts: PARTS,
    totalMinor: 3_500,
    workDueAt: null,
    ageSeconds: 10,
    payment: { status: 'CAPTURED', amountMinor: 3_500, workDueAt: null },
    givenBackMinor: 500,
    refundsPending: false,
    ...other,
  }
}

const LIMITS = { pendingSecondsMax: 1_200 }
const found = (rows: OwnRows) => ownDifferencesOf(rows, LIMITS)
const due = new Date(1_000)
const voided = { status: 'VOIDED', amountMinor: 3_500, workDueAt: null } as const
const pending = { status: 'PENDING', amountMinor: 3_500, workDueAt: null } as const
const placing = { parts: [], payment: pending, workDueAt: due, givenBackMinor: 0 } as const

describe('ownDifferencesOf()', () => {
  test.each([
    ['confirmed', sound()],
    [
      'confirmed, with one line left',
      sound({
        lines: [CUP, { ...POT, cancelledQuantity: 1 }],
        parts: PARTS.map((part) => (part.sellerId === 'bert' ? { ...part, status: 'CANCELLED' } : part)),
        givenBackMinor: 2_500,
      }),
    ],
    ['being placed', sound({ status: 'PENDING', ...placing })],
    ['being placed for as long as it may', sound({ status: 'PENDING', ...placing, ageSeconds: 1_200 })],
    ['waiting to be paid for long', sound({ status: 'AWAITING_PAYMENT', ...placing, ageSeconds: 9_999 })],
    ['rejected', sound({ status: 'REJECTED', parts: [], payment: voided })],
    ['rejected without a payment', sound({ status: 'REJECTED', parts: [], payment: undefined })],
    ['cancelled', sound({ status: 'CANCELLED', lines: NOTHING_LEFT, payment: voided })],
    [
      'about to be captured',
      sound({ payment: { status: 'AUTHORISED', amountMinor: 3_500, workDueAt: due } }),
    ],
  ])('finds none in an order that is %s', (_, rows) => {
    expect(found(rows)).toEqual([])
  })

  test.each([
    ['a total that the lines do not cost', sound({ totalMinor: 3_000 }), 'total-not-of-lines'],
    ['a state that is not of its parts', sound({ status: 'SHIPPED' }), 'state-not-of-parts'],
    [
      'nothing left of what is confirmed',
      sound({ lines: NOTHING_LEFT, givenBackMinor: 3_500 }),
      'state-not-of-parts',
    ],
    ['something left of what is cancelled', sound({ status: 'CANCELLED' }), 'state-not-of-parts'],
    [
      'parts of what is being placed',
      sound({ status: 'PENDING', ...placing, parts: PARTS }),
      'state-not-of-parts',
    ],
    [
      'nothing left of what is being placed',
      sound({ status: 'PENDING', ...placing, lines: NOTHING_LEFT }),
      'state-not-of-parts',
    ],
    ['parts of what was rejected', sound({ status: 'REJECTED', payment: voided }), 'state-not-of-parts'],
    ['more money held than is due', sound({ givenBackMinor: 499 }), 'money-not-adding-up'],
    ['less money held than is due', sound({ givenBackMinor: 501 }), 'money-not-adding-up'],
    ['money that was let go of', sound({ payment: voided }), 'money-not-adding-up'],
    ['no payment at all', sound({ payment: undefined }), 'money-not-adding-up'],
    [
      'a payment that nobody captures',
      sound({ payment: { status: 'AUTHORISED', amountMinor: 3_500, workDueAt: null } }),
      'payment-left-alone',
    ],
    ['a refund that nobody makes', sound({ refundsPending: true }), 'payment-left-alone'],
    [
      'an order that nobody completes',
      sound({ status: 'PENDING', ...placing, workDueAt: null }),
      'order-left-alone',
    ],
    [
      'an order that nobody gives up',
      sound({ status: 'AWAITING_PAYMENT', ...placing, workDueAt: null }),
      'order-left-alone',
    ],
    [
      'an order that is placed for too long',
      sound({ status: 'PENDING', ...placing, ageSeconds: 1_201 }),
      'pending-too-long',
    ],
  ] as const)('finds %s', (_, rows, difference) => {
    expect(found(rows)).toContain(difference)
  })

  test('counts as held what every state of a payment holds', () => {
    const held = PAYMENT_STATUSES.filter((status) => {
      const payment = { status, amountMinor: 3_500, workDueAt: due }
      return !found(sound({ payment })).includes('money-not-adding-up')
    })
    expect(held.toSorted()).toEqual(['AUTHORISED', 'CAPTURED', 'COLLECTED', 'DUE_ON_DELIVERY'])
  })
})
