import { describe, expect, test } from 'bun:test'
import { RESERVATIONS_MAX, type reservation } from '@bazaar/shared/api/inventory'
import { idBefore, newId } from '@bazaar/shared/database/columns'
import { cancelOrder } from '../src/cancelling/cancel-order.ts'
import type { StoredOrder } from '../src/orders/order-store.ts'
import { reconcileOrders } from '../src/reconciling/reconcile-orders.ts'
import { messagesOf, newSession, openWorld, orderOf, placed, refused } from './world.ts'

type Status = (typeof reservation)['static']['status']

const world = await openWorld()

/** Has inventory say that it keeps so much of each line of the order. */
function keeps(order: StoredOrder, status: Status, quantity: number): void {
  const lines = order.lines.map(({ productId }) => ({ productId, quantity }))
  world.shelf.kept.set(order.id, { orderId: order.id, status, expiresAt: null, lines })
}

/** What is found about one order; the others of the test file are none of its business. */
async function differencesOf(order: StoredOrder, repair: boolean) {
  const found = await reconcileOrders(world.deps, { hours: 1, repair, secondLookMs: 1 })
  return found
    .filter(({ orderId }) => orderId === order.id)
    .map(({ difference, repaired }) => [difference, repaired])
}

async function cancelled(): Promise<StoredOrder> {
  const buyer = newSession()
  const order = await placed(world, { buyer })
  await cancelOrder(world.deps, { buyer, key: newId(), orderId: order.id, cancel: {} })
  return orderOf(world, order.id)
}

describe('reconcileOrders()', () => {
  test('finds nothing where everything is as it should be', async () => {
    const order = await placed(world)
    keeps(order, 'CONFIRMED', 2)
    expect(await differencesOf(order, true)).toEqual([])
  })

  test('announces again a cancellation whose stock was not returned, as another event of the same', async () => {
    const order = await cancelled()
    keeps(order, 'CONFIRMED', 2)
    expect(await differencesOf(order, false)).toEqual([['stock-not-returned', false]])
    expect(await messagesOf(world, order.id)).toHaveLength(1)
    expect(await differencesOf(order, true)).toEqual([['stock-not-returned', true]])
    const messages = await messagesOf(world, order.id)
    expect(new Set(messages.map(({ id }) => id)).size).toBe(2)
    expect(new Set(messages.map(({ data }) => JSON.stringify(data))).size).toBe(1)
  })

  test('asks again for the news that stock is back', async () => {
    const order = await cancelled()
    keeps(order, 'RELEASED', 0)
    expect(await differencesOf(order, true)).toEqual([['return-not-noted', true]])
    expect(await messagesOf(world, order.id)).toHaveLength(2)
  })

  test('has confirmed what is only held', async () => {
    const order = await placed(world)
    keeps(order, 'HELD', 2)
    const before = world.shelf.confirmed.get(order.id) ?? 0
    expect(await differencesOf(order, true)).toEqual([['stock-not-kept', true]])
    expect(world.shelf.confirmed.get(order.id)).toBe(before + 1)
  })

  test.each([
    ['nothing is kept', undefined, 0],
    ['less is kept', 'CONFIRMED', 1],
    ['it expired', 'EXPIRED', 0],
  ] as const)('leaves it to a person when %s', async (_, status, quantity) => {
    const order = await placed(world)
    world.shelf.kept.delete(order.id)
    if (status) keeps(order, status, quantity)
    expect(await differencesOf(order, true)).toEqual([['stock-missing', false]])
    expect(await messagesOf(world, order.id)).toEqual([])
  })

  test('goes on with the others when a confirmation is refused', async () => {
    const orders = [await placed(world), await placed(world)]
    for (const order of orders) keeps(order, 'HELD', 2)
    let confirmations = 0
    world.shelf.before = (call) => {
      if (call === 'confirmReservation' && ++confirmations === 1) throw refused('reservation-expired')
    }
    const found = await reconcileOrders(world.deps, { hours: 1, repair: true, secondLookMs: 1 })
    world.shelf.before = () => undefined
    const repaired = found.filter(({ difference }) => difference === 'stock-not-kept')
    expect(repaired.filter((one) => !one.repaired)).toHaveLength(1)
    expect(repaired.filter((one) => one.repaired).length).toBeGreaterThan(0)
  })

  describe('of an order that is not there', () => {
    const lines = [{ productId: newId(), quantity: 1 }]
    const missing = async () =>
      (await reconcileOrders(world.deps, { hours: 1, repair: true, secondLookMs: 1 }))
        .filter(({ difference }) => difference === 'order-missing')
        .map(({ orderId }) => orderId)
    const keepsFor = (orderId: string, status: Status, kept = lines) =>
      world.shelf.kept.set(orderId, { orderId, status, expiresAt: null, lines: kept })

    test('names each whose stock is kept for good, on every page, and counts it', async () => {
      const orderIds = Array.from({ length: 2 * RESERVATIONS_MAX }, () => newId())
      for (const orderId of orderIds) keepsFor(orderId, 'CONFIRMED')
      expect(await missing()).toEqual(orderIds)
      const counted = await world.metrics.registry.getSingleMetricAsString('reconciliation_differences_total')
      expect(counted).toMatch(new RegExp(`difference="order-missing".* ${orderIds.length}$`, 'm'))
      for (const orderId of orderIds) world.shelf.kept.delete(orderId)
    })

    test('says nothing where nothing is kept, or what is held will come back by itself', async () => {
      keepsFor(newId(), 'HELD')
      keepsFor(newId(), 'EXPIRED', [])
      keepsFor(newId(), 'RELEASED', [])
      keepsFor(newId(), 'CONFIRMED', [{ productId: newId(), quantity: 0 }])
      expect(await missing()).toEqual([])
    })

    test('says nothing of an order older than what is looked at', async () => {
      keepsFor(idBefore(new Date(Date.now() - 3_700_000)), 'CONFIRMED')
      expect(await missing()).toEqual([])
    })

    test('says nothing when the stock is back at a second look', async () => {
      const orderId = newId()
      keepsFor(orderId, 'CONFIRMED')
      world.shelf.before = (call, query) => {
        if (call === 'listReservations' && query?.['orderIds'] === orderId) keepsFor(orderId, 'RELEASED', [])
      }
      expect(await missing()).toEqual([])
      world.shelf.before = () => undefined
    })
  })

  test('says nothing of what resolves itself until the second look', async () => {
    const order = await placed(world)
    keeps(order, 'HELD', 2)
    let looks = 0
    world.shelf.before = (call) => {
      if (call === 'listReservations' && ++looks > 1) keeps(order, 'CONFIRMED', 2)
    }
    expect(await differencesOf(order, true)).toEqual([])
    world.shelf.before = () => undefined
  })
})
