import { describe, expect, test } from 'bun:test'
import { newId } from '@bazaar/shared/database/columns'
import { inTransaction } from '@bazaar/shared/database/database'
import { asc, eq } from 'drizzle-orm'
import { cancelOrder } from '../src/cancelling/cancel-order.ts'
import { payOrder } from '../src/payment/pay-order.ts'
import { placeOrder } from '../src/placing/place-order.ts'
import { shipSale } from '../src/sales/move-sale.ts'
import { cancellations, orderEvents, payments } from '../src/tables.ts'
import { basketOf, eventsOf, newOffer, newSession, openWorld, orderOf, payUp, placed } from './world.ts'

/* Instances whose clocks differ agree on what came first: ids made by one that is ahead are planted here. */

const AHEAD_MS = [500, 5_000, 3_600_000]
const UPI = { type: 'UPI', upiId: 'ada@upi' } as const

const world = await openWorld()

/** The id that an instance gives whose clock is ahead by so much. */
function idFrom(aheadMs: number): string {
  const madeAt = (Date.now() + aheadMs).toString(16).padStart(12, '0')
  return newId().replace(/^.{13}/, `${madeAt.slice(0, 8)}-${madeAt.slice(8)}`)
}

describe('payOrder()', () => {
  for (const aheadMs of AHEAD_MS)
    test(`counts the later attempt, although the declined one is from a clock ${aheadMs} ms ahead`, async () => {
      const buyer = newSession()
      const basket = basketOf(newOffer(world), { cardToken: 'tok_declined_0002' })
      const { body } = await placeOrder(world.deps, { buyer, key: newId(), basket })
      await inTransaction(world.database, (tx) =>
        tx
          .update(payments)
          .set({ id: idFrom(aheadMs) })
          .where(eq(payments.orderId, body.id)),
      )
      const paid = await payOrder(world.deps, { buyer, key: newId(), orderId: body.id, payment: UPI })
      expect(paid.body).toMatchObject({ status: 'CONFIRMED', payment: { type: 'UPI' } })
      await payUp(world)
      const order = await orderOf(world, body.id)
      expect(order.payments.map(({ type, status }) => [type, status])).toEqual([
        ['UPI', 'CAPTURED'],
        ['CARD', 'DECLINED'],
      ])
    })
})

describe('listEvents()', () => {
  for (const aheadMs of AHEAD_MS)
    test(`is in the order of what happened, although an instance was ${aheadMs} ms ahead`, async () => {
      const seller = newSession('SELLER')
      const order = await placed(world, { sellerId: seller.userId })
      const before = await eventsOf(world, order.id)
      await inTransaction(world.database, async (tx) => {
        const last = before.at(-1)?.id ?? ''
        await tx
          .update(orderEvents)
          .set({ id: idFrom(aheadMs) })
          .where(eq(orderEvents.id, last))
      })
      await shipSale(world.deps, { seller, orderId: order.id, shipment: {} })
      const types = before.map(({ type }) => type)
      const after = await eventsOf(world, order.id)
      expect(after.map(({ type }) => type)).toEqual([...types, 'SHIPPED'])
    })
})

test('cancelOrder() puts a cancellation after one from a clock that is ahead', async () => {
  const buyer = newSession()
  const order = await placed(world, { buyer, quantity: 3 })
  const productId = order.lines[0]?.productId ?? ''
  const cancelOne = (reason: string) =>
    cancelOrder(world.deps, {
      buyer,
      key: newId(),
      orderId: order.id,
      cancel: { reason, lines: [{ productId, quantity: 1 }] },
    })
  await cancelOne('first')
  await inTransaction(world.database, (tx) =>
    tx
      .update(cancellations)
      .set({ id: idFrom(60_000) })
      .where(eq(cancellations.orderId, order.id)),
  )
  await cancelOne('second')
  const rows = await inTransaction(world.database, (tx) =>
    tx.select().from(cancellations).where(eq(cancellations.orderId, order.id)).orderBy(asc(cancellations.id)),
  )
  expect(rows.map(({ reason }) => reason)).toEqual(['first', 'second'])
})
