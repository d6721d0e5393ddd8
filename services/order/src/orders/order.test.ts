import { describe, expect, test } from 'bun:test'
import { ORDER_STATUSES, PART_STATUSES, PAYMENT_ATTEMPTS_MAX } from '@bazaar/shared/api/order'
import {
  ACTIONS,
  type Action,
  allows,
  cancel,
  completeShipment,
  demand,
  dueMinor,
  movePart,
  type Order,
  type OrderStatus,
  type PartStatus,
  partsOf,
  payableMinor,
  refusalToPay,
  type Shipment,
  statesBefore,
  statusOfParts,
  totalMinor,
} from './order.ts'

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

describe('statusOfParts()', () => {
  const rows: [PartStatus[], OrderStatus][] = [
    [['AWAITING_SHIPMENT'], 'CONFIRMED'],
    [['AWAITING_SHIPMENT', 'CANCELLED'], 'CONFIRMED'],
    [['AWAITING_SHIPMENT', 'SHIPPED'], 'PARTIALLY_SHIPPED'],
    [['AWAITING_SHIPMENT', 'DELIVERED'], 'PARTIALLY_SHIPPED'],
    [['SHIPPED'], 'SHIPPED'],
    [['SHIPPED', 'DELIVERED'], 'SHIPPED'],
    [['SHIPPED', 'CANCELLED'], 'SHIPPED'],
    [['DELIVERED', 'DELIVERED'], 'DELIVERED'],
    [['DELIVERED', 'CANCELLED'], 'DELIVERED'],
    [['CANCELLED', 'CANCELLED'], 'CANCELLED'],
  ]
  for (const [parts, status] of rows) {
    test(`makes ${status} of ${parts.join(' and ')}`, () => {
      expect(statusOfParts(parts.map((part, index) => ({ sellerId: String(index), status: part })))).toBe(
        status,
      )
    })
  }
})

describe('cancel()', () => {
  test('takes back the whole order and all its money', () => {
    const { order, lines, amountMinor } = cancel(sample('CONFIRMED'), undefined)
    expect(order.status).toBe('CANCELLED')
    expect(order.parts.map((part) => part.status)).toEqual(['CANCELLED', 'CANCELLED'])
    expect(lines).toEqual([
      { productId: 'cup', quantity: 3 },
      { productId: 'pot', quantity: 1 },
    ])
    expect(amountMinor).toBe(3 * 500 + 2_000)
  })

  test('takes back some of a line and leaves the rest', () => {
    const { order, amountMinor } = cancel(sample('CONFIRMED'), [{ productId: 'cup', quantity: 2 }])
    expect(order.status).toBe('CONFIRMED')
    expect(order.lines[0]?.cancelledQuantity).toBe(2)
    expect(amountMinor).toBe(1_000)
    expect(payableMinor(order.lines)).toBe(500 + 2_000)
  })

  test('cancels the part of a seller of whom nothing is left', () => {
    const { order } = cancel(sample('CONFIRMED'), [{ productId: 'cup', quantity: 3 }])
    expect(order.status).toBe('CONFIRMED')
    expect(order.parts.map((part) => part.status)).toEqual(['CANCELLED', 'AWAITING_SHIPMENT'])
  })

  test('makes the order cancelled when line by line nothing is left', () => {
    const first = cancel(sample('CONFIRMED'), [{ productId: 'cup', quantity: 3 }])
    const second = cancel(first.order, [{ productId: 'pot', quantity: 1 }])
    expect(second.order.status).toBe('CANCELLED')
    expect(second.amountMinor).toBe(2_000)
  })

  test('leaves out of the whole what was cancelled before', () => {
    const first = cancel(sample('CONFIRMED'), [{ productId: 'cup', quantity: 1 }])
    expect(cancel(first.order, undefined).lines).toEqual([
      { productId: 'cup', quantity: 2 },
      { productId: 'pot', quantity: 1 },
    ])
  })

  test('refuses more than is left, and what was never ordered', () => {
    expect(codeOf(() => cancel(sample('CONFIRMED'), [{ productId: 'cup', quantity: 4 }]))).toBe(
      'more-than-ordered',
    )
    expect(codeOf(() => cancel(sample('CONFIRMED'), [{ productId: 'pan', quantity: 1 }]))).toBe(
      'more-than-ordered',
    )
  })

  test('refuses what was cancelled before', () => {
    const first = cancel(sample('CONFIRMED'), [{ productId: 'cup', quantity: 2 }])
    const again = () => cancel(first.order, [{ productId: 'cup', quantity: 2 }])
    expect(codeOf(again)).toBe('more-than-ordered')
  })

  test('cancels an order that is being placed as a whole only', () => {
    const pending = { ...sample('PENDING'), parts: [] }
    expect(cancel(pending, undefined).order.status).toBe('CANCELLED')
    expect(codeOf(() => cancel(pending, [{ productId: 'cup', quantity: 1 }]))).toBe('illegal-transition')
  })

  test('refuses an order that came to nothing', () => {
    const rejected = { ...sample('REJECTED'), parts: [] }
    expect(codeOf(() => cancel(rejected, undefined))).toBe('illegal-transition')
  })

  test('refuses what is shipped and still cancels what is not', () => {
    const shipped = movePart(sample('CONFIRMED'), 'ship', 'anna') ?? sample('CONFIRMED')
    expect(shipped.status).toBe('PARTIALLY_SHIPPED')
    expect(codeOf(() => cancel(shipped, undefined))).toBe('already-shipped')
    expect(codeOf(() => cancel(shipped, [{ productId: 'cup', quantity: 1 }]))).toBe('already-shipped')
    expect(cancel(shipped, [{ productId: 'pot', quantity: 1 }]).order.status).toBe('SHIPPED')
  })

  test('leaves an order waiting for its payment until nothing is left of it', () => {
    const waiting = { ...sample('AWAITING_PAYMENT'), parts: [] }
    const first = cancel(waiting, [{ productId: 'cup', quantity: 3 }])
    expect(first.order.status).toBe('AWAITING_PAYMENT')
    expect(partsOf(first.order.lines).map(({ sellerId }) => sellerId)).toEqual(['bert'])
    expect(cancel(first.order, [{ productId: 'pot', quantity: 1 }]).order.status).toBe('CANCELLED')
  })

  test('does not change what it was given', () => {
    const order = sample('CONFIRMED')
    cancel(order, undefined)
    expect(order).toEqual(sample('CONFIRMED'))
  })
})

describe('movePart()', () => {
  for (const status of PART_STATUSES) {
    for (const action of ['ship', 'deliver'] as const) {
      const [from, to] = action === 'ship' ? ['AWAITING_SHIPMENT', 'SHIPPED'] : ['SHIPPED', 'DELIVERED']
      const isDone = status === to || (action === 'ship' && status === 'DELIVERED')
      const outcome = status === from ? 'moves on' : isDone ? 'has nothing to do for' : 'refuses'
      test(`${outcome} a part that is ${status} when told to ${action}`, () => {
        const parts = [{ sellerId: 'anna', status }, ...partsOf(sample('CONFIRMED').lines).slice(1)]
        const order: Order = { ...sample('CONFIRMED'), parts, status: statusOfParts(parts) }
        if (outcome === 'refuses')
          expect(codeOf(() => movePart(order, action, 'anna'))).toBe('illegal-transition')
        else
          expect<string | undefined>(movePart(order, action, 'anna')?.parts[0]?.status).toBe(
            outcome === 'moves on' ? to : undefined,
          )
      })
    }
  }

  test('refuses a seller who has no part in the order', () => {
    expect(codeOf(() => movePart(sample('CONFIRMED'), 'ship', 'eve'))).toBe('illegal-transition')
  })

  test('sends nothing of an order that came to nothing, whatever its parts say', () => {
    const rejected = { ...sample('CONFIRMED'), status: 'REJECTED' } as const
    expect(codeOf(() => movePart(rejected, 'ship', 'anna'))).toBe('illegal-transition')
  })
})

describe('completeShipment()', () => {
  const none = { carrier: null, trackingNumber: null }
  const dhl = { carrier: 'DHL', trackingNumber: null }
  const parcel = { carrier: 'DHL', trackingNumber: '0034' }
  const rows: [string, Shipment, Shipment, Shipment | undefined][] = [
    ['takes what comes later', none, parcel, parcel],
    ['adds to what is known', dhl, { carrier: null, trackingNumber: '0034' }, parcel],
    ['has nothing to do for the same again', parcel, parcel, undefined],
    ['has nothing to do for less', parcel, dhl, undefined],
    ['has nothing to do for nothing', none, none, undefined],
  ]
  for (const [what, known, said, completed] of rows)
    test(what, () => expect(completeShipment(known, said)).toEqual(completed))

  test('refuses another carrier and another tracking number', () => {
    expect(codeOf(() => completeShipment(parcel, { ...parcel, carrier: 'UPS' }))).toBe('shipment-differs')
    expect(codeOf(() => completeShipment(parcel, { ...none, trackingNumber: '1' }))).toBe('shipment-differs')
  })
})

test('dueMinor() is what is left of an order, and nothing of one that was rejected', () => {
  expect(dueMinor(sample('AWAITING_PAYMENT'))).toBe(3_500)
  expect(dueMinor(cancel(sample('CONFIRMED'), [{ productId: 'pot', quantity: 1 }]).order)).toBe(1_500)
  expect(dueMinor(sample('REJECTED'))).toBe(0)
})

test('totalMinor() adds quantities at their prices', () => {
  expect(totalMinor(sample('CONFIRMED').lines)).toBe(3_500)
})

function sample(status: OrderStatus): Order {
  const lines = [
    { productId: 'cup', sellerId: 'anna', unitPriceMinor: 500, quantity: 3, cancelledQuantity: 0 },
    { productId: 'pot', sellerId: 'bert', unitPriceMinor: 2_000, quantity: 1, cancelledQuantity: 0 },
  ]
  return { status, lines, parts: partsOf(lines) }
}

function codeOf(action: () => unknown): unknown {
  try {
    action()
  } catch (error) {
    return Reflect.get(Object(error), 'code')
  }
  return undefined
}
