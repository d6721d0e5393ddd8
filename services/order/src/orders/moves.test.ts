import { describe, expect, test } from 'bun:test'
import { ORDER_STATUSES, PAYMENT_ATTEMPTS_MAX } from '@bazaar/shared/api/order'
import {
  ACTIONS,
  type Action,
  allows,
  demand,
  type OrderStatus,
  refusalToPay,
  statesBefore,
} from './moves.ts'
import { codeOf } from './sample-order.ts'

/** What is written nowhere but here and in the table itself: every pair that is not listed is refused. */
const ALLOWED: [OrderStatus, Action][] = [
  ['PENDING', 'confirm'],
  ['PENDING', 'decline'],
  ['PENDING', 'reject'],
  ['PENDING', 'cancel'],
  ['AWAITING_PAYMENT', 'pay'],
  ['AWAITING_PAYMENT', 'reject'],
  ['AWAITING_PAYMENT', 'cancel'],
  ['AWAITING_PAYMENT', 'cancel-lines'],
  ['CONFIRMED', 'cancel'],
  ['CONFIRMED', 'cancel-lines'],
  ['CONFIRMED', 'ship'],
  ['PARTIALLY_SHIPPED', 'cancel-lines'],
  ['PARTIALLY_SHIPPED', 'ship'],
  ['PARTIALLY_SHIPPED', 'deliver'],
  ['SHIPPED', 'deliver'],
]

describe('the table of moves', () => {
  test('is about every action that there is', () => {
    expect([...ACTIONS].toSorted()).toEqual([...new Set(ALLOWED.map(([, action]) => action))].toSorted())
  })

  for (const status of ORDER_STATUSES) {
    for (const action of ACTIONS) {
      const allowed = ALLOWED.some(([from, what]) => from === status && what === action)
      test(`${allowed ? 'lets' : 'refuses to'} ${action} an order that is ${status}`, () => {
        expect(allows(status, action)).toBe(allowed)
        if (allowed) demand(status, action)
        else expect(() => demand(status, action)).toThrow()
      })
    }
  }

  test('says that it is shipped when a cancellation comes too late', () => {
    for (const status of ['PARTIALLY_SHIPPED', 'SHIPPED', 'DELIVERED'] as const) {
      expect(codeOf(() => demand(status, 'cancel'))).toBe('already-shipped')
    }
    expect(codeOf(() => demand('DELIVERED', 'cancel-lines'))).toBe('already-shipped')
    expect(codeOf(() => demand('DELIVERED', 'ship'))).toBe('illegal-transition')
    expect(codeOf(() => demand('REJECTED', 'cancel'))).toBe('illegal-transition')
  })
})

describe('statesBefore()', () => {
  const rows: [OrderStatus, OrderStatus[]][] = [
    ['PENDING', ['AWAITING_PAYMENT']],
    ['AWAITING_PAYMENT', ['PENDING']],
    ['CONFIRMED', ['PENDING']],
    ['PARTIALLY_SHIPPED', ['CONFIRMED']],
    ['SHIPPED', ['CONFIRMED', 'PARTIALLY_SHIPPED']],
    ['DELIVERED', ['PARTIALLY_SHIPPED', 'SHIPPED']],
    ['CANCELLED', ['AWAITING_PAYMENT', 'CONFIRMED', 'PENDING']],
    ['REJECTED', ['AWAITING_PAYMENT', 'PENDING']],
  ]
  test('knows of every state', () => {
    expect(rows.map(([status]) => status).toSorted()).toEqual([...ORDER_STATUSES].toSorted())
  })
  test.each(rows)('knows from where an order becomes %s', (status, before) => {
    expect(statesBefore(status).toSorted()).toEqual(before)
  })
})

describe('refusalToPay()', () => {
  const paidTimes = (times: number) => Array.from({ length: times })

  test.each([0, 1, PAYMENT_ATTEMPTS_MAX - 1])('lets an order be paid that was declined %d times', (times) => {
    expect(refusalToPay({ status: 'AWAITING_PAYMENT', payments: paidTimes(times) })).toBeUndefined()
  })

  test('refuses one attempt more than there may be', () => {
    const payments = paidTimes(PAYMENT_ATTEMPTS_MAX)
    expect(refusalToPay({ status: 'AWAITING_PAYMENT', payments })?.code).toBe('too-many-payment-attempts')
  })

  test.each(ORDER_STATUSES.filter((status) => status !== 'AWAITING_PAYMENT'))(
    'refuses to have an order paid that is %s',
    (status) => {
      expect(refusalToPay({ status, payments: [] })).toMatchObject({
        code: 'illegal-transition',
        message: `Cannot pay an order that is ${status}`,
      })
    },
  )
})
