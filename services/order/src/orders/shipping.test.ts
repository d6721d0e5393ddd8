import { describe, expect, test } from 'bun:test'
import { PART_STATUSES } from '@bazaar/shared/api/order'
import { type Order, partsOf, statusOfParts } from './order.ts'
import { codeOf, sample } from './sample-order.ts'
import { completeShipment, movePart, type Shipment } from './shipping.ts'

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

  test('leaves the parts of other sellers as they are', () => {
    const [annas, others] = partsOf(sample('CONFIRMED').lines)
    const moved = movePart(sample('CONFIRMED'), 'ship', 'anna')
    expect(others).toBeDefined()
    expect(moved?.parts).toMatchObject([{ ...annas, status: 'SHIPPED' }, { ...others }])
  })

  test('refuses a seller who has no part in the order', () => {
    expect(codeOf(() => movePart(sample('CONFIRMED'), 'ship', 'eve'))).toBe('illegal-transition')
  })

  test('sends nothing of an order that came to nothing, in each state of its parts', () => {
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
