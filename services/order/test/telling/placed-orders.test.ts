import { describe, expect, test } from 'bun:test'
import { newId } from '@bazaar/shared/database/columns'
import { read, repeatably, type Transaction } from '@bazaar/shared/database/database'
import { idempotencyKeys } from '@bazaar/shared/database/idempotency-keys'
import { holdRows } from '@bazaar/shared/testing/held-rows'
import { eq, sql } from 'drizzle-orm'
import { cancelOrder } from '../../src/cancelling/cancel-order.ts'
import { payOrder } from '../../src/payment/pay-order.ts'
import { completeOrders } from '../../src/placing/complete-orders.ts'
import type { Basket } from '../../src/placing/draft-order.ts'
import { placeOrder } from '../../src/placing/place-order.ts'
import { orders } from '../../src/tables.ts'
import { basketOf, changesOf, newOffer, newSession, openWorld } from '../world.ts'

/* What happens to an order is announced in the transaction in which it happens, for letters to its people. */

const world = await openWorld()
const { deps } = world

/** What is told of each change of an order. */
async function toldOf(orderId: string) {
  return (await changesOf(world, orderId)).map(({ change }) => change)
}

/** What is told of the orders of a buyer, by what is committed. */
async function toldTo(buyerId: string) {
  const found = await read(world.database, (connection) =>
    connection.select({ id: orders.id }).from(orders).where(eq(orders.buyerId, buyerId)),
  )
  expect(found).toHaveLength(1)
  return (await Promise.all(found.map(({ id }) => toldOf(id)))).flat()
}

function lockKeysOf(tx: Transaction, ownerId: string) {
  return tx.select().from(idempotencyKeys).where(eq(idempotencyKeys.ownerId, ownerId)).for('update')
}

describe('a confirmed order is told', () => {
  test('once, with every line, its seller and its price, also when the request is repeated', async () => {
    const [buyer, anna, bert] = [newSession(), newSession('SELLER'), newSession('SELLER')]
    const [cup, pot] = [
      newOffer(world, { sellerId: anna.userId, priceMinor: 500 }),
      newOffer(world, { sellerId: bert.userId, priceMinor: 2_000 }),
    ]
    const lines = [
      { productId: cup, quantity: 3 },
      { productId: pot, quantity: 1 },
    ]
    const payment = { type: 'CARD', cardToken: 'tok_visa_4242' } as const
    const request = { buyer, key: newId(), basket: { lines, addressId: newId(), payment } satisfies Basket }
    const { body } = await placeOrder(deps, request)
    await Promise.all([placeOrder(deps, request), placeOrder(deps, request)])
    expect(await changesOf(world, body.id)).toEqual([
      {
        orderId: body.id,
        buyerId: buyer.userId,
        change: 'CONFIRMED',
        isSold: true,
        currency: 'EUR',
        lines: [
          { sellerId: anna.userId, name: 'Cup', quantity: 3, unitPriceMinor: 500 },
          { sellerId: bert.userId, name: 'Cup', quantity: 1, unitPriceMinor: 2_000 },
        ],
        givenBackMinor: 0,
        rejectionReason: null,
        carrier: null,
        trackingNumber: null,
      },
    ])
  })

  test('of each of several that are confirmed together, to its own buyer', async () => {
    const buyers = Array.from({ length: 12 }, () => newSession())
    const answers = await Promise.all(
      buyers.map((buyer) => placeOrder(deps, { buyer, key: newId(), basket: basketOf(newOffer(world)) })),
    )
    for (const [index, { body }] of answers.entries())
      expect(await changesOf(world, body.id)).toMatchObject([
        { change: 'CONFIRMED', orderId: body.id, buyerId: buyers[index]?.userId ?? '' },
      ])
  })

  test('without what was cancelled before it was paid', async () => {
    const buyer = newSession()
    const productId = newOffer(world)
    const basket = basketOf(productId, { quantity: 3, cardToken: 'tok_declined_0002' })
    const { body } = await placeOrder(deps, { buyer, key: newId(), basket })
    const orderId = body.id
    const cancel = { lines: [{ productId, quantity: 1 }] }
    await cancelOrder(deps, { buyer, key: newId(), orderId, cancel })
    await payOrder(deps, { buyer, key: newId(), orderId, payment: { type: 'UPI', upiId: 'ada@upi' } })
    expect(await changesOf(world, orderId)).toMatchObject([
      { change: 'PARTLY_CANCELLED', isSold: false, givenBackMinor: 0, lines: [{ quantity: 1 }] },
      { change: 'CONFIRMED', isSold: true, lines: [{ quantity: 2 }] },
    ])
  })
})

test('orders are told once each, also when the transaction that told of them first is rolled back', async () => {
  const [held, ...others] = Array.from({ length: 3 }, () => ({
    buyer: newSession(),
    key: newId(),
    basket: basketOf(newOffer(world)),
  }))
  if (!held) throw new Error('there is no request')
  const letGo = Promise.withResolvers<() => Promise<void>>()
  let left = 3
  world.shelf.before = async (call) => {
    if (call !== 'confirmReservation') return
    left -= 1
    // All three are confirmed together, and the last statement of that finds the key of one held.
    if (left === 0) letGo.resolve(await holdRows(world.database, (tx) => lockKeysOf(tx, held.buyer.userId)))
    await letGo.promise
  }
  const waiting = placeOrder(deps, held)
  const answers = await Promise.all(others.map((request) => placeOrder(deps, request)))
  expect(await toldTo(held.buyer.userId)).toEqual([])
  await (await letGo.promise)()
  for (const { body } of [...answers, await waiting]) expect(await toldOf(body.id)).toEqual(['CONFIRMED'])
})

describe('a rejected order is told', () => {
  test('with the reason, to the buyer alone', async () => {
    const buyer = newSession()
    const basket = basketOf(newOffer(world), { cardToken: 'tok_declined_0002' })
    const { body } = await placeOrder(deps, { buyer, key: newId(), basket })
    expect(await toldOf(body.id)).toEqual([])
    await repeatably(world.database, (connection) =>
      connection
        .update(orders)
        .set({ workDueAt: sql`now(3) - interval 1 second` })
        .where(eq(orders.id, body.id)),
    )
    await completeOrders(deps)
    expect(await changesOf(world, body.id)).toMatchObject([
      {
        change: 'REJECTED',
        isSold: false,
        rejectionReason: 'PAYMENT_NOT_MADE',
        lines: [{ quantity: 2 }],
        givenBackMinor: 0,
      },
    ])
  })
})
