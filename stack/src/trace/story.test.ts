import { describe, expect, test } from 'bun:test'
import type { LogLine } from './order-logs.ts'
import type { OrderRows } from './order-rows.ts'
import { linesOf, story } from './story.ts'

const ORDER = '01990000-0000-7000-8000-000000000001'
const [buyer, seller, cup, cancellation] = ['buyer-1', 'seller-1', 'cup', 'cancellation-1']
/** A moment so many seconds after the order was placed. */
const at = (seconds: number) => new Date(Date.UTC(2026, 4, 1, 3, 0, seconds))
const event = (type: string, seconds: number, actor = 'SYSTEM') => ({
  type,
  actor,
  actorId: actor === 'BUYER' ? buyer : null,
  at: at(seconds),
  amountMinor: null,
})

const confirmed: OrderRows = {
  now: at(600),
  order: {
    status: 'CONFIRMED',
    rejectionReason: null,
    currency: 'EUR',
    totalMinor: 1_500,
    payBy: null,
    placedAt: at(0),
  },
  lines: [{ productId: cup, quantity: 3, cancelledQuantity: 0 }],
  events: [event('PLACED', 0, 'BUYER'), event('CONFIRMED', 2)],
  parts: [{ sellerId: seller, status: 'AWAITING_SHIPMENT' }],
  payments: [{ type: 'CARD', status: 'CAPTURED', amountMinor: 1_500, createdAt: at(0), workDueAt: null }],
  cancellations: [],
  refunds: [],
  reservation: { status: 'CONFIRMED', expiresAt: at(900), createdAt: at(1), changedAt: at(1.5) },
  reserved: [{ productId: cup, quantity: 3, releasedQuantity: 0 }],
  movements: [{ productId: cup, delta: -3, reason: 'RESERVED', stockAfter: 7, at: at(1) }],
  messages: [],
  receipts: [],
}

const announced = {
  service: 'order',
  id: 'message-1',
  type: 'order.cancelled.v1',
  createdAt: at(10),
  sentAt: at(11),
  attempts: 3,
  cancellationId: cancellation,
  traceId: null,
}
const answered = {
  ...announced,
  service: 'inventory',
  id: 'message-2',
  type: 'stock.released.v1',
  attempts: 1,
}

const cancelled: OrderRows = {
  ...confirmed,
  order: { ...confirmed.order, status: 'CANCELLED' },
  lines: [{ productId: cup, quantity: 3, cancelledQuantity: 3 }],
  events: [...confirmed.events, event('CANCELLED', 10, 'BUYER'), event('STOCK_RESTORED', 14)],
  parts: [{ sellerId: seller, status: 'CANCELLED' }],
  cancellations: [{ id: cancellation, cancelledAt: at(10), stockRestoredAt: at(14) }],
  refunds: [{ amountMinor: 1_500, status: 'REFUNDED', createdAt: at(10), refundedAt: at(12) }],
  reservation: { status: 'RELEASED', expiresAt: at(900), createdAt: at(1), changedAt: at(12) },
  reserved: [{ productId: cup, quantity: 3, releasedQuantity: 3 }],
  movements: [
    ...confirmed.movements,
    { productId: cup, delta: 3, reason: 'RELEASED', stockAfter: 10, at: at(12) },
  ],
  messages: [announced, { ...answered, createdAt: at(12), sentAt: at(13) }],
  receipts: [
    { service: 'inventory', messageId: 'message-1', receivedAt: at(12) },
    { service: 'order', messageId: 'message-2', receivedAt: at(14) },
  ],
}

test('story() tells a cancellation from the click to the stock that is back', () => {
  const logs: LogLine[] = [
    {
      time: at(10.1),
      service: 'order',
      level: 'info',
      msg: 'request',
      operation: 'cancelOrder',
      status: 200,
    },
    { time: at(11.5), service: 'inventory', level: 'warn', msg: 'message is tried again', attempts: 1 },
  ]
  const told = story(cancelled, logs)
  expect(told.summary).toBe('CANCELLED, 3 units of 1 products, 15.00 EUR')
  expect(told.moments.map(({ service, text }) => `${service}: ${text}`)).toEqual([
    'order: Buyer buyer-1 placed the order',
    'order: payment attempt 1 by CARD over 15.00 EUR began; it is CAPTURED now',
    'inventory: 3 of product cup set aside; 7 can be ordered then',
    'order: Bazaar confirmed the order',
    'order: Buyer buyer-1 cancelled the order',
    'order: a refund of 15.00 EUR is owed',
    'order: wrote order.cancelled.v1 to be sent',
    'order: answered cancelOrder with 200',
    'order: order.cancelled.v1 was sent at attempt 3',
    'inventory: logged warn: message is tried again (attempt 1)',
    'inventory: 3 of product cup put back; 10 can be ordered then',
    'inventory: the reservation became RELEASED',
    'order: the refund of 15.00 EUR was given back',
    'inventory: handled order.cancelled.v1 of order',
    'inventory: wrote stock.released.v1 to be sent',
    'inventory: stock.released.v1 was sent',
    'order: Bazaar noted that the stock of a cancellation is back',
    'order: handled stock.released.v1 of inventory',
  ])
  expect([told.waits, told.odd]).toEqual([[], []])
})

test('linesOf() says also that nothing is waited for and nothing is odd', () => {
  const lines = linesOf(ORDER, story(cancelled))
  expect(lines[0]).toBe(`Order ${ORDER}: CANCELLED, 3 units of 1 products, 15.00 EUR`)
  expect(lines).toContain('  2026-05-01 03:00:00.000  order      Buyer buyer-1 placed the order')
  expect(lines.slice(-5)).toEqual(['What is waited for', '  Nothing.', '', 'What is odd', '  Nothing.'])
})

const pending = { ...confirmed.order, status: 'PENDING' }
const unpaid = { ...confirmed.order, status: 'AWAITING_PAYMENT', payBy: at(700) }
const waiting = {
  cancellations: [{ id: cancellation, cancelledAt: at(10), stockRestoredAt: null }],
}
const [payment] = confirmed.payments

describe('story()', () => {
  test.each<[string, OrderRows, RegExp]>([
    ['an order that is being completed', { ...confirmed, order: pending }, /reserve the stock/],
    ['a payment', { ...confirmed, order: unpaid }, /another way to pay by 2026-05-01T03:11:40/],
    [
      'the provider',
      { ...confirmed, payments: payment ? [{ ...payment, status: 'AUTHORISED', workDueAt: at(599) }] : [] },
      /provider is to be asked: the payment is AUTHORISED/,
    ],
    ['a shipment', confirmed, /Seller seller-1 is to ship/],
    [
      'a delivery',
      { ...confirmed, parts: [{ sellerId: seller, status: 'SHIPPED' }] },
      /seller-1 is on its way/,
    ],
    [
      'a refund',
      {
        ...cancelled,
        refunds: [{ amountMinor: 5, status: 'PENDING', createdAt: at(599), refundedAt: null }],
      },
      /refund of 0.05 EUR/,
    ],
    [
      'a message that is to be sent',
      { ...cancelled, ...waiting, messages: [{ ...announced, sentAt: null }] },
      /put back: order.cancelled.v1 is not sent yet/,
    ],
    [
      'a message that is to be handled',
      { ...cancelled, ...waiting, messages: [announced], receipts: [] },
      /order.cancelled.v1 is sent, and inventory has not handled it/,
    ],
  ])('waits for %s', (_, rows, expected) => {
    expect(story(rows).waits.join('\n')).toMatch(expected)
  })

  test.each<[string, OrderRows, RegExp]>([
    ['an order that stays PENDING', { ...confirmed, order: pending }, /PENDING for 598 s/],
    [
      'an unpaid order past its time',
      { ...confirmed, order: { ...unpaid, payBy: at(500) } },
      /over 100 s ago, and the order is not rejected/,
    ],
    [
      'an order without its reservation',
      { ...confirmed, reservation: undefined },
      /CONFIRMED and its reservation is missing/,
    ],
    [
      'a cancelled order that still has its stock',
      { ...cancelled, reservation: confirmed.reservation },
      /CANCELLED and its reservation is CONFIRMED/,
    ],
    [
      'stock that is put back too often',
      { ...confirmed, reserved: [{ productId: cup, quantity: 3, releasedQuantity: 1 }] },
      /Of product cup 0 are cancelled and 1 put back/,
    ],
    [
      'a message that is not sent',
      { ...cancelled, ...waiting, messages: [{ ...announced, sentAt: null }] },
      /waits to be sent for 590 s, after 3 attempts/,
    ],
    [
      'a message that nobody handles',
      { ...cancelled, ...waiting, messages: [announced], receipts: [] },
      /sent 589 s ago and inventory has not handled it/,
    ],
    ['a cancellation without a message', { ...cancelled, ...waiting, messages: [] }, /has no message/],
    [
      'a payment that is not brought on',
      { ...confirmed, payments: payment ? [{ ...payment, workDueAt: at(0) }] : [] },
      /brought on 600 s ago/,
    ],
    [
      'a refund that is late',
      {
        ...cancelled,
        refunds: [{ amountMinor: 1_500, status: 'PENDING', createdAt: at(10), refundedAt: null }],
      },
      /refund of 15.00 EUR is still owed/,
    ],
    ['money that is kept', { ...cancelled, refunds: [] }, /of its money 15.00 EUR is not given back/],
  ])('finds odd: %s', (_, rows, expected) => {
    expect(story(rows).odd.join('\n')).toMatch(expected)
  })

  test.each<[string, Partial<OrderRows>]>([
    ['an order that was sold', confirmed],
    ['an order in its first seconds', { ...confirmed, now: at(3), order: pending }],
    [
      'a cancellation on its way',
      { ...cancelled, ...waiting, now: at(12), reservation: confirmed.reservation, receipts: [] },
    ],
    [
      'a cancellation of long ago whose receipts are forgotten',
      { ...cancelled, now: at(9_000_000), receipts: [] },
    ],
    [
      'a rejected order that left a tombstone',
      {
        ...cancelled,
        order: { ...cancelled.order, status: 'REJECTED' },
        reserved: [],
        payments: [],
        refunds: [],
      },
    ],
  ])('finds nothing odd in %s', (_, rows) => {
    expect(story({ ...confirmed, ...rows }).odd).toEqual([])
  })

  test('finds odd what a service logged as an error, once', () => {
    const line = { time: at(3), service: 'order', level: 'error', msg: 'message goes to the dead letters' }
    expect(story(confirmed, [line, line]).odd).toEqual([
      'order logged an error: message goes to the dead letters',
    ])
  })
})
