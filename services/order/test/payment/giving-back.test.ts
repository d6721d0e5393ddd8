import { describe, expect, test } from 'bun:test'
import { newId } from '@bazaar/shared/database/columns'
import { inTransaction } from '@bazaar/shared/database/database'
import { eq, sql } from 'drizzle-orm'
import { payOrder } from '../../src/payment/pay-order.ts'
import { workPayments } from '../../src/payment/work-payments.ts'
import { completeOrders } from '../../src/placing/complete-orders.ts'
import { placeOrder } from '../../src/placing/place-order.ts'
import { orders, payments } from '../../src/tables.ts'
import { basketOf, cut, newOffer, newSession, openWorld, orderOf, payUp } from '../world.ts'

/* Whoever fails gives back what they hold, so that the next one need not wait until a lease has run out. */

const world = await openWorld()

/** Has inventory fail at reserving, with this error, until it is told otherwise. */
function failReserving(error: () => Error): void {
  world.shelf.before = (call) => {
    if (call === 'placeReservation') throw error()
  }
}

function aRequest() {
  return { buyer: newSession(), key: newId(), basket: basketOf(newOffer(world)) }
}

describe('placeOrder()', () => {
  test('goes on at once when the first try failed and the same is asked again', async () => {
    const request = aRequest()
    failReserving(cut)
    expect((await placeOrder(world.deps, request)).status).toBe(202)
    expect((await placeOrder(world.deps, request)).status).toBe(202)
    world.shelf.before = () => undefined
    expect((await placeOrder(world.deps, request)).status).toBe(201)
  })

  test('goes on at once when the first try failed in a way that nobody foresaw', async () => {
    const request = aRequest()
    failReserving(() => new Error('something odd'))
    await expect(placeOrder(world.deps, request)).rejects.toThrow('something odd')
    world.shelf.before = () => undefined
    expect((await placeOrder(world.deps, request)).status).toBe(201)
  })

  test('goes on at once when the completer has failed meanwhile', async () => {
    const request = aRequest()
    failReserving(cut)
    const { body } = await placeOrder(world.deps, request)
    expect(await completeOrders(world.deps)).toBe('done')
    expect((await orderOf(world, body.id)).status).toBe('PENDING')
    world.shelf.before = () => undefined
    expect((await placeOrder(world.deps, request)).status).toBe(201)
  })
})

test('payOrder() goes on at once when the first try failed and the same is asked again', async () => {
  const buyer = newSession()
  const basket = basketOf(newOffer(world), { cardToken: 'tok_declined_0002' })
  const { body } = await placeOrder(world.deps, { buyer, key: newId(), basket })
  const payment = { type: 'UPI', upiId: 'ada@upi' } as const
  const request = { buyer, key: newId(), orderId: body.id, payment }
  failReserving(cut)
  expect((await payOrder(world.deps, request)).status).toBe(202)
  world.shelf.before = () => undefined
  expect(await payOrder(world.deps, request)).toMatchObject({ status: 201, body: { status: 'CONFIRMED' } })
})

test('completeOrders() does not go round and round over orders that nobody can complete', async () => {
  failReserving(cut)
  for (let index = 0; index < 25; index++) await placeOrder(world.deps, aRequest())
  expect(await completeOrders(world.deps)).toBe('done')
  world.shelf.before = () => undefined
  while ((await completeOrders(world.deps)) === 'more');
  expect(await pendingOrders()).toBe(0)
})

test('workPayments() tries again in its next round what the provider could not do', async () => {
  const { body } = await placeOrder(world.deps, aRequest())
  const broken = { ...world.deps.provider, capture: () => Promise.reject(cut()) }
  expect(await workPayments({ ...world.deps, provider: broken })).toBe('done')
  await payUp(world)
  expect((await orderOf(world, body.id)).payments).toMatchObject([{ status: 'CAPTURED' }])
})

describe('After the clock was set back by an hour', () => {
  test('completeOrders() takes up what is due further ahead than any lease', async () => {
    failReserving(cut)
    const { body } = await placeOrder(world.deps, aRequest())
    world.shelf.before = () => undefined
    await inTransaction(world.database, (tx) =>
      tx.update(orders).set({ workDueAt: sql`now(3) + interval 1 hour` }).where(eq(orders.id, body.id)),
    )
    await completeOrders(world.deps)
    expect((await orderOf(world, body.id)).status).toBe('CONFIRMED')
  })

  test('completeOrders() leaves an order alone that is to be paid until then', async () => {
    const basket = basketOf(newOffer(world), { cardToken: 'tok_declined_0002' })
    const { body } = await placeOrder(world.deps, { buyer: newSession(), key: newId(), basket })
    await completeOrders(world.deps)
    expect((await orderOf(world, body.id)).status).toBe('AWAITING_PAYMENT')
  })

  test('placeOrder() goes on with an order that was in hand', async () => {
    const request = aRequest()
    failReserving(cut)
    const { body } = await placeOrder(world.deps, request)
    world.shelf.before = () => undefined
    await inTransaction(world.database, (tx) =>
      tx.update(orders).set({ workDueAt: sql`now(3) + interval 1 hour` }).where(eq(orders.id, body.id)),
    )
    expect((await placeOrder(world.deps, request)).status).toBe(201)
  })

  test('workPayments() captures what is due further ahead than any lease', async () => {
    const { body } = await placeOrder(world.deps, aRequest())
    await inTransaction(world.database, (tx) =>
      tx
        .update(payments)
        .set({ workDueAt: sql`now(3) + interval 1 hour` })
        .where(eq(payments.orderId, body.id)),
    )
    await payUp(world)
    expect((await orderOf(world, body.id)).payments).toMatchObject([{ status: 'CAPTURED' }])
  })
})

async function pendingOrders(): Promise<number> {
  const found = await inTransaction(world.database, (tx) =>
    tx.select({ id: orders.id }).from(orders).where(eq(orders.status, 'PENDING')),
  )
  return found.length
}
