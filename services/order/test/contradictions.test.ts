import { describe, expect, test } from 'bun:test'
import { newId } from '@bazaar/shared/database/columns'
import { inTransaction, type Transaction } from '@bazaar/shared/database/database'
import { eq, sql } from 'drizzle-orm'
import { cancelOrder } from '../src/cancelling/cancel-order.ts'
import type { OrderWithRefunds } from '../src/orders/order-store.ts'
import { payOrder } from '../src/payment/pay-order.ts'
import { sandboxPayments } from '../src/payment/sandbox-tables.ts'
import { completeOrders } from '../src/placing/complete-orders.ts'
import { placeOrder } from '../src/placing/place-order.ts'
import { watchPending } from '../src/placing/watch-pending.ts'
import { reconcileOrders } from '../src/reconciling/reconcile-orders.ts'
import { orders, payments, refunds } from '../src/tables.ts'
import { basketOf, cut, newOffer, newSession, openWorld, orderOf, payUp, placed } from './world.ts'

/* What was changed behind the service's back, or was lost, is found by comparing an order with itself. */

const world = await openWorld()

/** Has inventory say that it keeps what is left of an order. */
function keeps(order: OrderWithRefunds, status: 'CONFIRMED' | 'HELD' | 'RELEASED' = 'CONFIRMED'): void {
  const lines = order.lines.map(({ productId, quantity, cancelledQuantity }) => ({
    productId,
    quantity: status === 'RELEASED' ? 0 : quantity - cancelledQuantity,
  }))
  world.shelf.kept.set(order.id, { orderId: order.id, status, expiresAt: null, lines })
}

async function change(work: (tx: Transaction) => Promise<unknown>): Promise<void> {
  await inTransaction(world.database, async (tx) => void (await work(tx)))
}

async function differencesOf({ id }: { id: string }, repair: boolean) {
  const found = await reconcileOrders(world.deps, { hours: 1, repair, secondLookMs: 1 })
  return found
    .filter(({ orderId }) => orderId === id)
    .map(({ difference, repaired }) => [difference, repaired])
}

/** What finds the latest payment of an order in the books of its provider. */
function isFor({ payments: [latest] }: OrderWithRefunds) {
  return eq(sandboxPayments.paymentId, latest?.id ?? '')
}

/** An order that awaits its payment. */
async function unpaid(): Promise<OrderWithRefunds> {
  const basket = basketOf(newOffer(world), { cardToken: 'tok_declined_0002' })
  const { body } = await placeOrder(world.deps, { buyer: newSession(), key: newId(), basket })
  return orderOf(world, body.id)
}

/** An order of which everything was cancelled, with its money given back and its stock returned. */
async function cancelled(): Promise<OrderWithRefunds> {
  const buyer = newSession()
  const order = await placed(world, { buyer })
  await cancelOrder(world.deps, { buyer, key: newId(), orderId: order.id, cancel: {} })
  await payUp(world)
  await world.database.pool.query('update cancellations set stock_restored_at = now(3)')
  return orderOf(world, order.id)
}

describe('reconcileOrders() leaves to a person', () => {
  test('a cancelled order that was set to CONFIRMED', async () => {
    const order = await cancelled()
    keeps(order, 'RELEASED')
    await change((tx) => tx.update(orders).set({ status: 'CONFIRMED' }).where(eq(orders.id, order.id)))
    expect(await differencesOf(order, true)).toEqual([['state-not-of-parts', false]])
  })

  test('a total that was changed', async () => {
    const order = await placed(world)
    keeps(order)
    await change((tx) => tx.update(orders).set({ totalMinor: 1 }).where(eq(orders.id, order.id)))
    expect(await differencesOf(order, true)).toEqual([['total-not-of-lines', false]])
  })

  test('a refund that was deleted', async () => {
    const order = await cancelled()
    keeps(order, 'RELEASED')
    await change((tx) => tx.delete(refunds).where(eq(refunds.orderId, order.id)))
    expect(await differencesOf(order, true)).toEqual([['money-not-adding-up', false]])
  })

  test.each([
    ['was voided', 'VOIDED'],
    ['was never authorised', 'DECLINED'],
    ['is only set aside', 'AUTHORISED'],
  ] as const)('a captured payment that by its provider %s', async (_, state) => {
    const order = await placed(world)
    keeps(order)
    await change((tx) => tx.update(sandboxPayments).set({ state }).where(isFor(order)))
    expect(await differencesOf(order, true)).toEqual([['provider-disagrees', false]])
  })

  test('a captured payment that its provider does not know', async () => {
    const order = await placed(world)
    keeps(order)
    await change((tx) => tx.delete(sandboxPayments).where(isFor(order)))
    expect(await differencesOf(order, true)).toEqual([['provider-disagrees', false]])
  })

  test('a payment that was given up and that its provider took, also when it is not the one that counts', async () => {
    const order = await unpaid()
    keeps(order, 'HELD')
    await change((tx) => tx.update(sandboxPayments).set({ state: 'CAPTURED' }).where(isFor(order)))
    expect(await differencesOf(order, true)).toEqual([['provider-disagrees', false]])
    const payment = { type: 'CARD', cardToken: 'tok_visa_4242' } as const
    const buyer = newSession('BUYER', order.buyerId)
    await payOrder(world.deps, { buyer, key: newId(), orderId: order.id, payment })
    await payUp(world)
    keeps(order)
    expect(await differencesOf(order, true)).toEqual([['provider-disagrees', false]])
  })

  test('an unpaid order that was set to CONFIRMED, and does not confirm its stock', async () => {
    const order = await unpaid()
    keeps(order, 'HELD')
    await change((tx) => tx.update(orders).set({ status: 'CONFIRMED' }).where(eq(orders.id, order.id)))
    expect(await differencesOf(order, true)).toEqual([
      ['state-not-of-parts', false],
      ['money-not-adding-up', false],
      ['stock-not-kept', false],
    ])
    expect(world.shelf.confirmed.get(order.id)).toBeUndefined()
  })
})

describe('reconcileOrders() makes due', () => {
  test('a payment that was authorised and that nobody is told to capture', async () => {
    const { body } = await placeOrder(world.deps, {
      buyer: newSession(),
      key: newId(),
      basket: basketOf(newOffer(world)),
    })
    keeps(await orderOf(world, body.id))
    await change((tx) => tx.update(payments).set({ workDueAt: null }).where(eq(payments.orderId, body.id)))
    expect(await differencesOf(body, false)).toEqual([['payment-left-alone', false]])
    expect(await differencesOf(body, true)).toEqual([['payment-left-alone', true]])
    await payUp(world)
    expect((await orderOf(world, body.id)).payments).toMatchObject([{ status: 'CAPTURED' }])
  })

  test('a refund that nobody is told to make, however long ago the order was placed', async () => {
    const buyer = newSession()
    const order = await placed(world, { buyer })
    await cancelOrder(world.deps, { buyer, key: newId(), orderId: order.id, cancel: {} })
    await change(async (tx) => {
      await tx.update(payments).set({ workDueAt: null }).where(eq(payments.orderId, order.id))
      const placedAt = sql`now(3) - interval 9 day`
      await tx.update(orders).set({ placedAt }).where(eq(orders.id, order.id))
    })
    keeps(order, 'RELEASED')
    expect(await differencesOf(order, true)).toContainEqual(['payment-left-alone', true])
    await payUp(world)
    expect((await orderOf(world, order.id)).refunds).toMatchObject([{ status: 'REFUNDED' }])
  })

  test('an order that is PENDING and that nobody is told to complete', async () => {
    const order = await pendingOrder()
    await change((tx) =>
      tx
        .update(orders)
        .set({ workDueAt: null, placedAt: sql`now(3) - interval 2 minute` })
        .where(eq(orders.id, order.id)),
    )
    expect(await differencesOf(order, true)).toEqual([
      ['order-left-alone', true],
      ['pending-too-long', false],
    ])
    await completeOrders(world.deps)
    expect((await orderOf(world, order.id)).status).toBe('CONFIRMED')
  })
})

/** An order that was kept while inventory could not be reached. */
async function pendingOrder() {
  world.shelf.before = (call) => {
    if (call === 'placeReservation') throw cut()
  }
  const basket = basketOf(newOffer(world))
  const { body } = await placeOrder(world.deps, { buyer: newSession(), key: newId(), basket })
  world.shelf.before = () => undefined
  return body
}

describe('An order that is PENDING for more than a minute', () => {
  test('is named although inventory cannot be asked, by reconcileOrders(), a metric and the log', async () => {
    const order = await pendingOrder()
    await change((tx) =>
      tx.update(orders).set({ placedAt: sql`now(3) - interval 2 minute` }).where(eq(orders.id, order.id)),
    )
    const said: { message: string; fields: object }[] = []
    const log = Object.assign(Object.create(world.deps.log), {
      error: (fields: object, message: string) => void said.push({ fields, message }),
    })
    world.shelf.before = () => {
      throw cut()
    }
    await expect(
      reconcileOrders({ ...world.deps, log }, { hours: 1, repair: true, secondLookMs: 1 }),
    ).rejects.toThrow('inventory')
    world.shelf.before = () => undefined
    expect(said.map(({ fields }) => fields)).toContainEqual({
      orderId: order.id,
      difference: 'pending-too-long',
      repaired: false,
    })

    const heard = Promise.withResolvers<object>()
    const watch = watchPending({
      database: world.database,
      metrics: world.metrics,
      log: Object.assign(Object.create(world.deps.log), { error: heard.resolve }),
    })
    expect(await heard.promise).toMatchObject({ waiting: 1 })
    await watch.stop()
    const metrics = await world.metrics.registry.metrics()
    expect(metrics).toMatch(/^orders_pending\{.*\} 1$/m)
    expect(Number(/^orders_pending_oldest_age_seconds\{.*\} (.*)$/m.exec(metrics)?.[1])).toBeGreaterThan(60)
    await completeOrders(world.deps)
  })

  test('that has just been placed is nothing to speak of', async () => {
    expect(await differencesOf(await pendingOrder(), true)).toEqual([])
  })
})

test('reconcileOrders() finds nothing in orders of every kind that are as they should be', async () => {
  const fresh = [await placed(world), await cancelled(), await unpaid()]
  for (const order of fresh) keeps(order, order.status === 'CANCELLED' ? 'RELEASED' : 'CONFIRMED')
  const found = await reconcileOrders(world.deps, { hours: 1, repair: false, secondLookMs: 1 })
  const ids = fresh.map(({ id }) => id)
  expect(found.filter(({ orderId }) => ids.includes(orderId))).toEqual([])
})
