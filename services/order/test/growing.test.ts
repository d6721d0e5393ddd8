import { describe, expect, test } from 'bun:test'
import { LATEST_SHOWN, PAYMENT_ATTEMPTS_MAX } from '@bazaar/shared/api/order'
import type { Session } from '@bazaar/shared/auth/admission'
import { newId } from '@bazaar/shared/database/columns'
import { inTransaction, read } from '@bazaar/shared/database/database'
import { hashOfKey, idempotencyKeys } from '@bazaar/shared/database/idempotency-keys'
import { holdRows } from '@bazaar/shared/testing/held-rows'
import { eq, sql } from 'drizzle-orm'
import { cancelOrder } from '../src/cancelling/cancel-order.ts'
import { noteStockReleased } from '../src/cancelling/note-stock-released.ts'
import type { Deps } from '../src/deps.ts'
import { findOrder } from '../src/orders/order-store.ts'
import { payOrder } from '../src/payment/pay-order.ts'
import { workPayments } from '../src/payment/work-payments.ts'
import type { Basket } from '../src/placing/draft-order.ts'
import { placeOrder } from '../src/placing/place-order.ts'
import { shipSale } from '../src/sales/move-sale.ts'
import {
  cancellations,
  orderEvents,
  orderLines,
  orderParts,
  orders,
  payments,
  refunds,
} from '../src/tables.ts'
import { rowsReadBy } from './counted.ts'
import { openServedWorld } from './http-world.ts'
import { basketOf, codeOf, newOffer, newSession, orderOf, payUp, placed, releasedMessage } from './world.ts'

/* One order to which very much happened: what a request costs does not grow with it, and nothing of it is left out. */

const MUCH = 1_000

const { world, http } = await openServedWorld()

/** An order whose stock has come back for so many cancellations, beside those that are made as they should be. */
async function muchCancelled(buyer: Session, sellerId: string, many: number) {
  const order = await placed(world, { buyer, sellerId, quantity: 1_000 })
  const cancelOne = (key = newId(), deps = world.deps) => {
    const lines = [{ productId: order.lines[0]?.productId ?? '', quantity: 1 }]
    return cancelOrder(deps, { buyer, key, orderId: order.id, cancel: { lines } })
  }
  await cancelOne()
  await payUp(world)
  const known = await orderOf(world, order.id)
  const [cancellation] = known.cancellations
  const [refund] = known.refunds
  if (!cancellation || !refund) throw new Error('nothing was cancelled')
  if (many > 0)
    await inTransaction(world.database, async (tx) => {
      const ids = Array.from({ length: many }, () => newId())
      const stockRestoredAt = new Date()
      await tx.insert(cancellations).values(ids.map((id) => ({ ...cancellation, id, stockRestoredAt })))
      await tx.insert(refunds).values(ids.map((id) => ({ ...refund, id: newId(), cancellationId: id })))
      await tx.insert(orderEvents).values(
        ids.map((cancellationId) => ({
          orderId: order.id,
          id: newId(),
          type: 'PARTLY_CANCELLED',
          actor: 'BUYER' as const,
          actorId: buyer.userId,
          at: stockRestoredAt,
          detail: { cancellationId },
        })),
      )
    })
  return { order, cancelOne }
}

/** What each kind of work costs for an order of which so much was cancelled. */
async function costsAfter(many: number) {
  const buyer = newSession()
  const { order, cancelOne } = await muchCancelled(buyer, newId(), many)
  const key = newId()
  const cancelling = await rowsReadBy(world, (deps) => cancelOne(key, deps))
  const [kept] = await read(world.database, (connection) =>
    connection
      .select({ bytes: sql`length(${idempotencyKeys.answer})`.mapWith(Number) })
      .from(idempotencyKeys)
      .where(eq(idempotencyKeys.keyHash, hashOfKey(key))),
  )
  const working = await rowsReadBy(world, (deps) => workPayments(deps))
  const latest = (await orderOf(world, order.id)).cancellations.at(-1)?.id ?? ''
  const noting = await rowsReadBy(world, (deps) =>
    noteStockReleased(deps, 'test', releasedMessage(order.id, latest)),
  )
  const reading = await rowsReadBy(world, (deps) =>
    read(deps.database, (connection) => findOrder(connection, order.id, buyer.userId)),
  )
  return { cancelling, working, noting, reading, keptBytes: kept?.bytes ?? 0 }
}

test('The thousandth cancellation costs what the twentieth did, in rows read and bytes kept', async () => {
  const few = await costsAfter(LATEST_SHOWN)
  const much = await costsAfter(MUCH)
  expect(few.keptBytes).toBeGreaterThan(0)
  for (const [what, cost] of Object.entries(few))
    expect([what, Number(Reflect.get(much, what)) <= cost * 1.1]).toEqual([what, true])
})

test('A first cancellation costs not much less than the thousandth', async () => {
  const first = await costsAfter(0)
  const much = await costsAfter(MUCH)
  expect(much.cancelling).toBeLessThan(first.cancelling + 6 * LATEST_SHOWN)
  expect(much.keptBytes).toBeLessThan(first.keptBytes + LATEST_SHOWN * 400)
})

test('Another buyer’s order of the same goods costs what it did before, and waits for no row of that order', async () => {
  const { order } = await muchCancelled(newSession(), newId(), MUCH)
  const basket = basketOf(order.lines[0]?.productId ?? '')
  // Buyers of one order each: an earlier one of the same buyer is read, too.
  const buy = (deps: Deps, basket: Basket) => placeOrder(deps, { buyer: newSession(), key: newId(), basket })
  const elsewhere = await rowsReadBy(world, (deps) => buy(deps, basketOf(newOffer(world))))
  const beside = await rowsReadBy(world, (deps) => buy(deps, basket))
  expect(beside).toBeLessThanOrEqual(elsewhere)

  const letGo = await holdRows(world.database, async (tx) => {
    await tx.execute(sql`select 1 from ${orders} where ${eq(orders.id, order.id)} for update`)
    for (const table of [orderLines, orderParts, payments, cancellations, refunds, orderEvents])
      await tx.execute(sql`select 1 from ${table} where ${eq(table.orderId, order.id)} for update`)
  })
  const { status } = await buy(world.deps, basket)
  await letGo()
  expect(status).toBe(201)
})

describe('Of an order to which very much happened', () => {
  test('history, cancellations and refunds are read to the end, page by page', async () => {
    const buyer = http.login('BUYER')
    const seller = http.login('SELLER')
    const { order } = await muchCancelled(buyer, seller.userId, MUCH)
    await shipSale(world.deps, { seller, orderId: order.id, shipment: {} })
    const params = { orderId: order.id }
    const all = async <Entry>(
      page: (query: { cursor?: string }) => Promise<{ body: { items: Entry[]; next: string | null } }>,
    ) => {
      const items: Entry[] = []
      let cursor: string | null = ''
      while (cursor !== null) {
        const { body } = await page(cursor === '' ? {} : { cursor })
        items.push(...body.items)
        cursor = body.next
      }
      return items
    }
    const { session, client } = { session: buyer.token, client: http.client }
    const history = await all((query) => client.readHistory({ session, params, query }))
    expect(history.length).toBeGreaterThan(MUCH)
    expect(history.map(({ type }) => type).filter((type) => type === 'PLACED' || type === 'SHIPPED')).toEqual(
      ['PLACED', 'SHIPPED'],
    )
    expect(history.at(-1)?.type).toBe('SHIPPED')
    const cancelled = await all((query) =>
      client.listCancellations({ session, params, query: { ...query, limit: '37' } }),
    )
    const refunded = await all((query) => client.listRefunds({ session, params, query }))
    expect(new Set(cancelled.map(({ id }) => id)).size).toBe(MUCH + 1)
    expect(refunded.map(({ cancellationId }) => cancellationId)).toEqual(cancelled.map(({ id }) => id))

    const { body } = await client.readOrder({ session, params })
    expect(body.cancellations).toEqual(cancelled.slice(-LATEST_SHOWN))
    const payment = await client.readPayment({ session, params })
    expect(payment.body.refunds).toEqual(refunded.slice(-LATEST_SHOWN))
  })

  test('nothing is shown to another buyer', async () => {
    const { order } = await muchCancelled(newSession(), newId(), 0)
    const call = { session: http.login('BUYER').token, params: { orderId: order.id } }
    expect(await codeOf(http.client.listCancellations(call))).toBe('not-found')
    expect(await codeOf(http.client.listRefunds(call))).toBe('not-found')
    expect(await codeOf(http.client.readHistory(call))).toBe('not-found')
  })
})

test('payOrder() refuses after so many attempts, and the refusal stays', async () => {
  const buyer = newSession()
  const basket = basketOf(newOffer(world), { cardToken: 'tok_declined_0002' })
  const { body } = await placeOrder(world.deps, { buyer, key: newId(), basket })
  const pay = (key = newId()) =>
    payOrder(world.deps, {
      buyer,
      key,
      orderId: body.id,
      payment: { type: 'CARD', cardToken: 'tok_declined_0002' },
    })
  for (let attempt = 1; attempt < PAYMENT_ATTEMPTS_MAX; attempt++) await pay()
  const key = newId()
  expect(await codeOf(pay(key))).toBe('too-many-payment-attempts')
  expect(await codeOf(pay(key))).toBe('too-many-payment-attempts')
  expect((await orderOf(world, body.id)).payments).toHaveLength(PAYMENT_ATTEMPTS_MAX)
})
