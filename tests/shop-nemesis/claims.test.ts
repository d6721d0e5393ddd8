import { expect, test } from 'bun:test'
import { liesIn, nothingTold, type Told, type Truth } from './claims.ts'

const told: Told = {
  orders: [{ orderId: 'a' }, { refused: 'sold out' }, { orderId: 'b' }],
  seen: [
    { orderId: 'a', status: 'PENDING' },
    { orderId: 'a', status: 'CONFIRMED' },
  ],
  cancelled: ['b'],
  added: [
    { productId: 'p', delta: 2 },
    { productId: 'p', delta: 2 },
  ],
  sent: ['c'],
  offered: [{ name: 'Cup', productId: 'q' }],
}
const truth: Truth = {
  orders: [
    { orderId: 'a', status: 'CONFIRMED', events: ['PLACED', 'CONFIRMED'] },
    { orderId: 'b', status: 'CANCELLED', events: ['PLACED', 'CONFIRMED', 'CANCELLED'] },
  ],
  added: [
    { productId: 'p', delta: 2 },
    { productId: 'p', delta: 2 },
  ],
  sent: ['c'],
  offered: [{ name: 'Cup', productId: 'q' }],
}

test('liesIn() finds nothing where everything is as it was told', () => {
  expect(liesIn(told, truth)).toEqual([])
  expect(liesIn(nothingTold(), { orders: [], added: [], sent: [], offered: [] })).toEqual([])
})

const [a, b] = truth.orders
test.each<[string, Told, Truth]>([
  ['an order was told that is not: x', { ...told, orders: [...told.orders, { orderId: 'x' }] }, truth],
  ['an order was told that is not: b', { ...told, orders: [...told.orders, { orderId: 'b' }] }, truth],
  ['an order was made that was not told: b', { ...told, orders: [{ orderId: 'a' }] }, truth],
  ['a cancellation was told that is not: a', { ...told, cancelled: ['a', 'b'] }, truth],
  ['a cancellation was made that was not told: b', { ...told, cancelled: [] }, truth],
  ['units added was made that was not told: p 2', { ...told, added: told.added.slice(1) }, truth],
  ['units added was told that is not: p 2', told, { ...truth, added: truth.added.slice(1) }],
  ['a shipment was told that is not: c', told, { ...truth, sent: [] }],
  [
    'a product was made that was not told: Cup r',
    told,
    { ...truth, offered: [...truth.offered, { name: 'Cup', productId: 'r' }] },
  ],
  [
    'a was shown as CONFIRMED, which it never was',
    told,
    { ...truth, orders: [...(a ? [{ ...a, events: ['PLACED'] }] : []), ...(b ? [b] : [])] },
  ],
])('liesIn() finds that %s', (lie, told, truth) => {
  expect(liesIn(told, truth)).toEqual([lie])
})
