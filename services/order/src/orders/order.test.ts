import { describe, expect, test } from 'bun:test'
import { payableMinor } from './amounts.ts'
import type { OrderStatus, PartStatus } from './moves.ts'
import { cancel, partsOf, statusOfParts } from './order.ts'
import { codeOf, sample } from './sample-order.ts'
import { movePart } from './shipping.ts'

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

  test('cancels the part of a seller that has no unit left', () => {
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
