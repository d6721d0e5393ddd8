import { expect, test } from 'bun:test'
import { newId } from '@bazaar/shared/database/columns'
import { holdRows } from '@bazaar/shared/testing/held-rows'
import { lockReservation } from '../../src/stock/reservation-store.ts'
import { lockStock } from '../../src/stock/stock-store.ts'
import { lineOf, openWorld } from '../world.ts'
import { faultsInBooks } from './books.ts'

/* One call for several orders: what happens to one says nothing of the others. */

const world = await openWorld()
const seller = await world.seller()

const asking = (...products: Parameters<typeof lineOf>[]) => ({
  orderId: newId(),
  lines: products.map((product) => lineOf(...product)),
})

async function place(...reservations: ReturnType<typeof asking>[]) {
  return (await world.orders.placeReservations({ body: { reservations } })).body.items
}

async function confirm(...orders: { orderId: string }[]) {
  const orderIds = orders.map(({ orderId }) => orderId)
  return (await world.orders.confirmReservations({ body: { orderIds } })).body.items
}

test('each order is reserved or refused for itself, and asked again gets the same answer', async () => {
  const kettle = await world.offer(seller, { stockCount: 3 })
  const lamp = await world.offer(seller, { stockCount: 3 })
  const orders = [asking([kettle, 2]), asking([kettle, 2]), asking([lamp]), asking([lamp], [lamp])]
  const said = await place(...orders)
  expect(said.map(({ orderId }) => orderId)).toEqual(orders.map(({ orderId }) => orderId))
  expect(said.map(({ reservation, refusal }) => reservation?.status ?? refusal?.code)).toEqual([
    'HELD',
    'out-of-stock',
    'HELD',
    'duplicate-product',
  ])
  expect(said[1]?.refusal?.productIds).toEqual([kettle.id])
  expect(await place(...orders)).toEqual(said)
  expect([await world.stockOf(kettle.id), await world.stockOf(lamp.id)]).toEqual([1, 2])
  expect(await faultsInBooks(world.database)).toEqual([])
})

test('each reservation is confirmed or refused for itself', async () => {
  const kettle = await world.offer(seller, { stockCount: 10 })
  const orders = [asking([kettle]), asking([kettle]), asking([kettle])] as const
  await place(orders[0], orders[2])
  const said = await confirm(...orders)
  expect(said.map(({ reservation, refusal }) => reservation?.status ?? refusal?.code)).toEqual([
    'CONFIRMED',
    'not-found',
    'CONFIRMED',
  ])
  expect(await confirm(...orders)).toEqual(said)
})

test('an order whose stock somebody else has locked keeps nobody waiting, and is decided once asked for alone', async () => {
  const kettle = await world.offer(seller, { stockCount: 10 })
  const lamp = await world.offer(seller, { stockCount: 10 })
  const letGo = await holdRows(world.database, (tx) => lockStock(tx, [kettle.id]))
  const [locked, free] = [asking([kettle]), asking([lamp])]
  const said = await place(locked, free)
  expect(said[0]).toEqual({ orderId: locked.orderId })
  expect(said[1]?.reservation?.status).toBe('HELD')
  await letGo()
  const { orderId, lines } = locked
  const { body } = await world.orders.placeReservation({ params: { orderId }, body: { lines } })
  expect(body.status).toBe('HELD')
})

test('a reservation that somebody else has locked keeps nobody waiting for good', async () => {
  const kettle = await world.offer(seller, { stockCount: 10 })
  const [locked, free] = [asking([kettle]), asking([kettle])]
  await place(locked, free)
  const letGo = await holdRows(world.database, (tx) => lockReservation(tx, locked.orderId))
  const said = await confirm(locked, free)
  expect(said[0]).toEqual({ orderId: locked.orderId })
  await letGo()
  const { orderId } = locked
  expect((await world.orders.confirmReservation({ params: { orderId } })).body.status).toBe('CONFIRMED')
  expect((await confirm(free))[0]?.reservation?.status).toBe('CONFIRMED')
})
