import { describe, expect, test } from 'bun:test'
import type { Session } from '@bazaar/shared/auth/admission'
import { newId } from '@bazaar/shared/database/columns'
import { inTransaction } from '@bazaar/shared/database/database'
import { eq, sql } from 'drizzle-orm'
import { cancelOrder } from '../src/cancelling/cancel-order.ts'
import { payOrder } from '../src/payment/pay-order.ts'
import { workPayments } from '../src/payment/work-payments.ts'
import { completeOrders } from '../src/placing/complete-orders.ts'
import { placeOrder } from '../src/placing/place-order.ts'
import { orders, payments } from '../src/tables.ts'
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
  placed,
  refused,
} from './world.ts'

/* What goes on after an answer: completing, paying and giving back, by several workers at once. */

const world = await openWorld()

const UPI = { type: 'UPI', upiId: 'ada@upi' } as const

async function place(buyer: Session, cardToken = 'tok_visa_4242') {
  return (
    await placeOrder(world.deps, { buyer, key: newId(), basket: basketOf(newOffer(world), { cardToken }) })
  ).body
}

/** Orders that were kept while inventory could not be reached. */
async function unfinished(buyer: Session, count: number): Promise<string[]> {
  world.shelf.before = (call) => {
    if (call === 'placeReservation') throw cut()
  }
  const placed = await Promise.all(Array.from({ length: count }, () => place(buyer)))
  world.shelf.before = () => undefined
  return placed.map(({ id }) => id)
}

async function changeOrder(orderId: string, change: Partial<Record<'workDueAt' | 'placedAt', unknown>>) {
  const set = Object.fromEntries(
    Object.entries(change).map(([name, minutes]) => [name, sql`now(3) + interval ${minutes} minute`]),
  )
  await inTransaction(world.database, (tx) => tx.update(orders).set(set).where(eq(orders.id, orderId)))
}

async function makePaymentDue(orderId: string) {
  await inTransaction(world.database, (tx) =>
    tx.update(payments).set({ workDueAt: sql`now(3)` }).where(eq(payments.orderId, orderId)),
  )
}

async function typesOf(orderId: string): Promise<string[]> {
  return (await eventsOf(world, orderId)).map(({ type }) => type)
}

async function completeAll(): Promise<void> {
  while ((await completeOrders(world.deps)) === 'more');
}

describe('completeOrders()', () => {
  test('by three at once completes each order once', async () => {
    const ids = await unfinished(newSession(), 30)
    for (const id of ids) await changeOrder(id, { workDueAt: -1 })
    await Promise.all([completeAll(), completeAll(), completeAll()])
    for (const id of ids) {
      expect((await orderOf(world, id)).status).toBe('CONFIRMED')
      expect(world.shelf.reserved.get(id)).toBe(1)
      expect((await typesOf(id)).filter((type) => type === 'CONFIRMED')).toHaveLength(1)
    }
  })

  test('leaves alone what somebody else has in hand', async () => {
    const [id = ''] = await unfinished(newSession(), 1)
    await changeOrder(id, { workDueAt: 1 })
    await completeAll()
    expect((await orderOf(world, id)).status).toBe('PENDING')
  })

  test('gives up what could not be completed for too long, and takes back what it may have caused', async () => {
    const [id = ''] = await unfinished(newSession(), 1)
    await changeOrder(id, { workDueAt: -1, placedAt: -16 })
    await completeAll()
    await payUp(world)
    const order = await orderOf(world, id)
    expect(order).toMatchObject({ status: 'REJECTED', rejectionReason: 'NOT_COMPLETED_IN_TIME' })
    expect(order.payments).toMatchObject([{ status: 'VOIDED' }])
    expect(await messagesOf(world, id)).toHaveLength(1)
  })

  test('and two more requests at the same moment end in one of two ways, never in both', async () => {
    for (let round = 0; round < 20; round++) {
      const buyer = newSession()
      const [id = ''] = await unfinished(buyer, 1)
      await changeOrder(id, { workDueAt: -1 })
      let calls = 0
      world.shelf.before = (call) => {
        // One of those who settle is told that there is nothing left, the others are not.
        if (call === 'placeReservation' && ++calls === 2) throw refused('out-of-stock')
      }
      await Promise.all([
        completeAll(),
        completeAll(),
        cancelOrder(world.deps, { buyer, key: newId(), orderId: id, cancel: {} }).catch(() => undefined),
      ])
      world.shelf.before = () => undefined
      await payUp(world)
      const order = await orderOf(world, id)
      const alive = order.status === 'CONFIRMED'
      expect(['CONFIRMED', 'CANCELLED', 'REJECTED']).toContain(order.status)
      expect(await messagesOf(world, id)).toHaveLength(alive ? 0 : 1)
      expect(order.payments).toMatchObject([{ status: alive ? 'CAPTURED' : 'VOIDED' }])
    }
  })

  test('does not reject for a missing payment what is being paid meanwhile', async () => {
    const buyer = newSession()
    const { id: orderId } = await place(buyer, 'tok_declined_0002')
    await changeOrder(orderId, { workDueAt: -1 })
    await Promise.all([
      completeAll(),
      payOrder(world.deps, { buyer, key: newId(), orderId, payment: UPI }).catch(() => undefined),
    ])
    await payUp(world)
    const order = await orderOf(world, orderId)
    const paid = order.status === 'CONFIRMED'
    expect(order.rejectionReason).toBe(paid ? null : 'PAYMENT_NOT_MADE')
    expect(order.payments[0]?.status).toBe(paid ? 'CAPTURED' : 'DECLINED')
  })
})

describe('payOrder()', () => {
  test('from ten connections with one key pays once', async () => {
    const buyer = newSession()
    const { id: orderId } = await place(buyer, 'tok_declined_0002')
    const request = { buyer, key: newId(), orderId, payment: UPI }
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => payOrder(world.deps, request)))
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason.code).toBe('idempotency-key-in-use')
    }
    await payUp(world)
    const order = await orderOf(world, orderId)
    expect(order.payments.map(({ status }) => status)).toEqual(['CAPTURED', 'DECLINED'])
    expect(await booksOf(world, order.payments[0]?.id ?? '')).toMatchObject({ state: 'CAPTURED' })
  })

  test('in two ways at once is paid in one of them', async () => {
    const buyer = newSession()
    const { id: orderId } = await place(buyer, 'tok_declined_0002')
    const ways = [UPI, { type: 'NET_BANKING', bankCode: 'HDFC' } as const]
    const outcomes = await Promise.allSettled(
      ways.map((payment) => payOrder(world.deps, { buyer, key: newId(), orderId, payment })),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await payUp(world)
    const states = (await orderOf(world, orderId)).payments.map(({ status }) => status)
    expect(states).toEqual(['CAPTURED', 'DECLINED'])
  })

  test('refuses somebody else, and what is paid already, and remembers the refusal', async () => {
    const buyer = newSession()
    const order = await placed(world, { buyer })
    const request = { buyer, key: newId(), orderId: order.id, payment: UPI }
    expect(await codeOf(payOrder(world.deps, { ...request, buyer: newSession() }))).toBe('not-found')
    expect(await codeOf(payOrder(world.deps, request))).toBe('illegal-transition')
    await expect(payOrder(world.deps, request)).rejects.toMatchObject({
      headers: { 'idempotent-replayed': 'true' },
    })
    expect(await codeOf(payOrder(world.deps, { ...request, payment: { type: 'CASH_ON_DELIVERY' } }))).toBe(
      'idempotency-key-reused',
    )
  })
})

describe('workPayments()', () => {
  test('by three at once captures, and gives back, once each', async () => {
    const buyer = newSession()
    const order = await placed(world, { buyer, quantity: 4 })
    const [{ id: paymentId = '', productId = '' } = {}] = order.payments.map(({ id }) => ({
      id,
      productId: order.lines[0]?.productId,
    }))
    for (let piece = 0; piece < 3; piece++) {
      const cancel = { lines: [{ productId, quantity: 1 }] }
      await cancelOrder(world.deps, { buyer, key: newId(), orderId: order.id, cancel })
    }
    for (let again = 0; again < 3; again++) {
      await Promise.all([workPayments(world.deps), workPayments(world.deps), workPayments(world.deps)])
      await makePaymentDue(order.id)
    }
    await payUp(world)
    expect(await booksOf(world, paymentId)).toEqual({ state: 'CAPTURED', refundedMinor: [500, 500, 500] })
    const types = await typesOf(order.id)
    expect(types.filter((type) => type === 'PAYMENT_CAPTURED')).toHaveLength(1)
    expect(types.filter((type) => type === 'REFUNDED')).toHaveLength(3)
  })

  test('notes a refund once when two had it in hand', async () => {
    const buyer = newSession()
    const order = await placed(world, { buyer })
    await cancelOrder(world.deps, { buyer, key: newId(), orderId: order.id, cancel: {} })
    const { provider } = world.deps
    const both = Promise.withResolvers<void>()
    let inHand = 0
    const slow = {
      ...provider,
      refund: async (...call: Parameters<typeof provider.refund>) => {
        if (++inHand === 2) both.resolve()
        await both.promise
        return provider.refund(...call)
      },
    }
    const first = workPayments({ ...world.deps, provider: slow })
    while (inHand < 1) await new Promise((resolve) => setImmediate(resolve))
    await makePaymentDue(order.id)
    await Promise.all([first, workPayments({ ...world.deps, provider: slow })])
    await payUp(world)
    expect((await typesOf(order.id)).filter((type) => type === 'REFUNDED')).toHaveLength(1)
    expect((await orderOf(world, order.id)).refunds).toMatchObject([{ status: 'REFUNDED' }])
  })

  test('tries again what the provider could not do, and does it once', async () => {
    const buyer = newSession()
    const { id } = await place(buyer)
    let failures = 2
    const flaky = {
      ...world.deps.provider,
      capture: async (charge: Parameters<typeof world.deps.provider.capture>[0]) => {
        const outcome = await world.deps.provider.capture(charge)
        if (failures-- > 0) throw cut()
        return outcome
      },
    }
    for (let round = 0; round < 3; round++) {
      await makePaymentDue(id)
      await workPayments({ ...world.deps, provider: flaky })
    }
    const order = await orderOf(world, id)
    expect(order.payments).toMatchObject([{ status: 'CAPTURED', workDueAt: null }])
    expect((await typesOf(id)).filter((type) => type === 'PAYMENT_CAPTURED')).toHaveLength(1)
  })
})
