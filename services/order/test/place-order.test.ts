import { describe, expect, test } from 'bun:test'
import { newId } from '@bazaar/shared/database/columns'
import { inTransaction } from '@bazaar/shared/database/database'
import { until } from '@bazaar/shared/testing/until'
import { eq, sql } from 'drizzle-orm'
import { cancelOrder } from '../src/cancelling/cancel-order.ts'
import { payOrder } from '../src/payment/pay-order.ts'
import { completeOrders } from '../src/placing/complete-orders.ts'
import type { Basket } from '../src/placing/draft-order.ts'
import { placeOrder, settleOrder } from '../src/placing/place-order.ts'
import { orders } from '../src/tables.ts'
import { orderView } from '../src/views.ts'
import {
  basketOf,
  booksOf,
  codeOf,
  cut,
  eventsOf,
  messagesOf,
  newOffer,
  newSession,
  openWorld,
  orderOf,
  payUp,
  refused,
} from './world.ts'

const world = await openWorld()

describe('placeOrder()', () => {
  test('keeps names and prices of the moment when they change later', async () => {
    const productId = newOffer(world, { priceMinor: 700 })
    const { body } = await place(productId)
    const offer = world.shelf.offers.get(productId)
    if (offer) offer.priceMinor = 9_999
    const order = await orderOf(world, body.id)
    expect(order).toMatchObject({
      status: 'CONFIRMED',
      totalMinor: 1_400,
      currency: 'EUR',
      shipTo: { city: 'York' },
    })
    expect(order.lines).toMatchObject([{ productId, name: 'Cup', unitPriceMinor: 700, quantity: 2 }])
    expect(order.parts).toMatchObject([{ status: 'AWAITING_SHIPMENT' }])
    expect(await messagesOf(world, body.id)).toEqual([])
  })

  test('keeps nothing when inventory cannot be asked', async () => {
    world.shelf.before = () => {
      throw cut()
    }
    const buyer = newSession()
    await expect(place(newOffer(world), { buyer })).rejects.toMatchObject({ dependency: 'inventory' })
    expect(await ordersOf(buyer.userId)).toEqual([])
  })

  for (const step of ['placeReservation', 'confirmReservation'] as const) {
    test(`answers 202 when ${step} breaks off, and the completer finishes the order once`, async () => {
      let breaks = 1
      world.shelf.before = (call) => {
        if (call === step && breaks-- > 0) throw cut()
      }
      const key = newId()
      const buyer = newSession()
      const productId = newOffer(world)
      const first = await place(productId, { buyer, key })
      expect(first.status).toBe(202)
      await makeDue(first.body.id)
      await completeOrders(world.deps)
      expect((await orderOf(world, first.body.id)).status).toBe('CONFIRMED')
      const again = await place(productId, { buyer, key })
      expect([again.status, again.body.id, again.body.status]).toEqual([201, first.body.id, 'CONFIRMED'])
      expect(await ordersOf(buyer.userId)).toHaveLength(1)
    })
  }

  test('goes on where the first request broke off when it is repeated after the pause', async () => {
    world.shelf.before = (call) => {
      if (call === 'placeReservation') throw cut()
    }
    const request = { buyer: newSession(), key: newId() }
    const productId = newOffer(world)
    const { body } = await place(productId, request)
    await setWorkDue(body.id, 20)
    world.shelf.before = () => undefined
    expect(await codeOf(place(productId, request))).toBe('idempotency-key-in-use')
    await setWorkDue(body.id, -1)
    expect((await place(productId, request)).status).toBe(201)
  })

  for (const [code, reason] of [
    ['out-of-stock', 'OUT_OF_STOCK'],
    ['product-gone', 'PRODUCT_GONE'],
    ['price-changed', 'PRICE_CHANGED'],
  ] as const) {
    test(`rejects for good when inventory says ${code}, and tells it that nothing is wanted any more`, async () => {
      const productId = newOffer(world)
      world.shelf.before = (call) => {
        if (call === 'placeReservation') throw refused(code, { productIds: [productId] })
      }
      const request = { buyer: newSession(), key: newId() }
      await expect(place(productId, request)).rejects.toMatchObject({
        code,
        members: { productIds: [productId] },
      })
      world.shelf.before = () => undefined
      expect(await codeOf(place(productId, request))).toBe(code)
      const [order] = await ordersOf(request.buyer.userId)
      expect(order).toMatchObject({ status: 'REJECTED', rejectionReason: reason, workDueAt: null })
      // Another request of the same order may still be on its way to inventory.
      expect(await messagesOf(world, order?.id ?? '')).toMatchObject([{ data: { reason } }])
    })
  }

  test('lets go of stock and money when the reservation expired before it was confirmed', async () => {
    world.shelf.before = (call) => {
      if (call === 'confirmReservation') throw refused('reservation-expired')
    }
    const buyer = newSession()
    expect(await codeOf(place(newOffer(world), { buyer }))).toBe('order-rejected')
    const [order] = await ordersOf(buyer.userId)
    const stored = await orderOf(world, order?.id ?? '')
    expect(await messagesOf(world, stored.id)).toMatchObject([
      { type: 'order.cancelled.v1', data: { lines: [{ quantity: 2 }] } },
    ])
    await payUp(world)
    expect(await booksOf(world, stored.payments[0]?.id ?? '')).toEqual({ state: 'VOIDED', refundedMinor: [] })
  })

  test('confirms an order once, however many settle it at the same moment', async () => {
    world.shelf.before = (call) => {
      if (call === 'placeReservation') throw cut()
    }
    const { body } = await place(newOffer(world))
    world.shelf.before = () => undefined
    const pending = await orderOf(world, body.id)
    expect(pending.status).toBe('PENDING')
    await Promise.all(Array.from({ length: 5 }, () => settleOrder(world.deps, pending)))
    expect(await orderOf(world, body.id)).toMatchObject({
      status: 'CONFIRMED',
      parts: [{ status: 'AWAITING_SHIPMENT' }],
      payments: [{ status: 'AUTHORISED' }],
    })
    const types = (await eventsOf(world, body.id)).map(({ type }) => type)
    expect(types).toEqual(['PLACED', 'CONFIRMED', 'PAYMENT_AUTHORISED'])
  })

  test.each([['CARD', { cardToken: 'tok_visa_4242' }] as const, ['CASH_ON_DELIVERY', {}] as const])(
    'answers an order paid by %s as it then is stored, and gives the same answer again',
    async (type, details) => {
      const [buyer, key] = [newSession(), newId()]
      const lines = [newOffer(world), newOffer(world), newOffer(world)].map((productId) => ({
        productId,
        quantity: 2,
      }))
      const basket: Basket = { lines, addressId: ADDRESS, payment: { type, ...details } }
      const first = await placeOrder(world.deps, { buyer, key, basket })
      expect(first.body).toEqual(orderView(await orderOf(world, first.body.id)))
      const again = await placeOrder(world.deps, { buyer, key, basket })
      expect([again.status, again.body]).toEqual([first.status, first.body])
      expect(again.headers).toMatchObject({ 'idempotent-replayed': 'true' })
    },
  )

  test('makes one order of one key, though the completer and two repetitions settle it at once', async () => {
    world.shelf.before = (call) => {
      if (call === 'confirmReservation') throw cut()
    }
    const request = { buyer: newSession(), key: newId() }
    const productId = newOffer(world)
    const first = await place(productId, request)
    expect(first.status).toBe(202)

    let arrived = 0
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>()
    world.shelf.before = async (call) => {
      if (call !== 'confirmReservation') return
      arrived++
      await held
    }
    const repeated = () => place(productId, request)
    const settling: Promise<unknown>[] = []
    for (const settle of [() => completeOrders(world.deps), repeated, repeated]) {
      // As if the one before had held the order for longer than it may.
      await makeDue(first.body.id)
      settling.push(settle())
      await until('it is about to confirm', () => arrived === settling.length)
    }
    letGo()

    const [, ...answers] = await Promise.all(settling)
    const confirmed = { status: 201, body: { id: first.body.id, status: 'CONFIRMED' } }
    expect(answers).toMatchObject([confirmed, confirmed])
    const [order, ...others] = await ordersOf(request.buyer.userId)
    expect(others).toEqual([])
    expect(await orderOf(world, order?.id ?? '')).toMatchObject({
      status: 'CONFIRMED',
      parts: [{ status: 'AWAITING_SHIPMENT' }],
      payments: [{ status: 'AUTHORISED' }],
    })
    const types = (await eventsOf(world, order?.id ?? '')).map(({ type }) => type)
    expect(types.toSorted()).toEqual(['CONFIRMED', 'PAYMENT_AUTHORISED', 'PLACED'])
  })

  test('never makes a second order of a key, even when its answer is forgotten', async () => {
    const request = { buyer: newSession(), key: newId() }
    const productId = newOffer(world)
    await place(productId, request)
    await world.database.pool.query('delete from idempotency_keys')
    expect(await codeOf(place(productId, request))).toBe('idempotency-key-expired')
  })
})

describe('an order that awaits payment', () => {
  test('is rejected when it is not paid in time, and gives its stock back', async () => {
    const { body } = await place(newOffer(world), { cardToken: 'tok_declined_0002' })
    expect(body.status).toBe('AWAITING_PAYMENT')
    await completeOrders(world.deps)
    expect((await orderOf(world, body.id)).status).toBe('AWAITING_PAYMENT')
    await makeDue(body.id)
    await completeOrders(world.deps)
    expect(await orderOf(world, body.id)).toMatchObject({
      status: 'REJECTED',
      rejectionReason: 'PAYMENT_NOT_MADE',
    })
    expect(await messagesOf(world, body.id)).toHaveLength(1)
  })

  test('is paid once in another way, also when that is said twice', async () => {
    const buyer = newSession()
    const { body } = await place(newOffer(world), { buyer, cardToken: 'tok_declined_0002' })
    const request = {
      buyer,
      key: newId(),
      orderId: body.id,
      payment: { type: 'UPI', upiId: 'ada@upi' },
    } as const
    const first = await payOrder(world.deps, request)
    expect(first.body).toEqual(orderView(await orderOf(world, body.id)))
    const again = await payOrder(world.deps, request)
    expect(again.body).toEqual(first.body)
    await payUp(world)
    const order = await orderOf(world, body.id)
    expect(order.payments.map((payment) => payment.status)).toEqual(['CAPTURED', 'DECLINED'])
  })
})

describe('a cancellation while the order is being placed', () => {
  test('wins: the payment is voided and inventory told', async () => {
    const buyer = newSession()
    world.shelf.before = async (call) => {
      if (call !== 'confirmReservation') return
      const [order] = await ordersOf(buyer.userId)
      await cancelOrder(world.deps, { buyer, key: newId(), orderId: order?.id ?? '', cancel: {} })
    }
    const { body } = await place(newOffer(world), { buyer })
    expect(body.status).toBe('CANCELLED')
    await payUp(world)
    const order = await orderOf(world, body.id)
    expect(order.payments).toMatchObject([{ status: 'VOIDED', workDueAt: null }])
    expect(await booksOf(world, order.payments[0]?.id ?? '')).toEqual({ state: 'VOIDED', refundedMinor: [] })
    expect(await messagesOf(world, body.id)).toHaveLength(1)
  })
})

async function place(
  productId: string,
  options: { buyer?: ReturnType<typeof newSession>; key?: string; cardToken?: string } = {},
) {
  const { buyer = newSession(), key = newId(), cardToken = 'tok_visa_4242' } = options
  const basket = { ...basketOf(productId, { cardToken }), addressId: ADDRESS }
  return placeOrder(world.deps, { buyer, key, basket })
}

const ADDRESS = newId()

async function ordersOf(buyerId: string) {
  return inTransaction(world.database, (tx) => tx.select().from(orders).where(eq(orders.buyerId, buyerId)))
}

function makeDue(orderId: string): Promise<void> {
  return setWorkDue(orderId, -1)
}

async function setWorkDue(orderId: string, inSeconds: number): Promise<void> {
  await inTransaction(world.database, (tx) =>
    tx
      .update(orders)
      .set({ workDueAt: sql`now(3) + interval ${inSeconds} second` })
      .where(eq(orders.id, orderId)),
  )
}
