import { describe, expect, test } from 'bun:test'
import { newId } from '@bazaar/shared/database/columns'
import { read } from '@bazaar/shared/database/database'
import { raceRounds } from '@bazaar/shared/testing/race-rounds'
import { eq } from 'drizzle-orm'
import { cancelOrder } from '../src/cancelling/cancel-order.ts'
import { placeOrder } from '../src/placing/place-order.ts'
import { shipSale } from '../src/sales/move-sale.ts'
import { orders } from '../src/tables.ts'
import { basketOf, eventsOf, messagesOf, newOffer, newSession, openWorld, orderOf, payUp } from './world.ts'

/* Two who want something else of the same order at the same moment. A few rounds here; `bun run races` does them all. */

/** Rounds that go on at once: enough to crowd the database, few enough for its connections. */
const AT_ONCE = 4

const world = await openWorld()

/** Does so many rounds, some at once. */
async function rounds(count: number, round: (index: number) => Promise<void>): Promise<void> {
  let next = 0
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (next < count) await round(next++)
    }),
  )
}

describe('cancelling and shipping one order', () => {
  test.each(['the buyer', 'the seller'])(
    'lets exactly one of the two win when %s begins',
    async (first) => {
      await rounds(raceRounds({ quick: 12, full: 1_000 }), async () => {
        const [buyer, seller] = [newSession(), newSession('SELLER')]
        const basket = basketOf(newOffer(world, { sellerId: seller.userId }))
        const { body } = await placeOrder(world.deps, { buyer, key: newId(), basket })
        const both = [
          () => cancelOrder(world.deps, { buyer, key: newId(), orderId: body.id, cancel: {} }),
          () => shipSale(world.deps, { seller, orderId: body.id, shipment: {} }),
        ]
        const outcomes = await Promise.allSettled(
          (first === 'the buyer' ? both : both.toReversed()).map((act) => act()),
        )
        const lost = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []))
        expect(lost).toHaveLength(1)
        const { status } = await orderOf(world, body.id)
        expect(lost[0]).toBe(status === 'CANCELLED' ? 'illegal-transition' : 'already-shipped')
        const types = (await eventsOf(world, body.id)).map(({ type }) => type)
        expect(types.filter((type) => type === 'CANCELLED' || type === 'SHIPPED')).toHaveLength(1)
        expect(await messagesOf(world, body.id)).toHaveLength(status === 'CANCELLED' ? 1 : 0)
      })
    },
    600_000,
  )
})

describe('cancelling an order that is just being confirmed', () => {
  test('leaves it cancelled with its stock announced once, whichever of the two comes first', async () => {
    await rounds(raceRounds({ quick: 12, full: 1_000 }), async (index) => {
      const buyer = newSession()
      const placing = placeOrder(world.deps, { buyer, key: newId(), basket: basketOf(newOffer(world)) })
      const cancelling = (async () => {
        for (;;) {
          const [found] = await read(world.database, (connection) =>
            connection.select({ id: orders.id }).from(orders).where(eq(orders.buyerId, buyer.userId)),
          )
          if (!found) continue
          // Each round comes a little later into the steps of the other.
          await new Promise((resolve) => setTimeout(resolve, index % 12))
          return cancelOrder(world.deps, { buyer, key: newId(), orderId: found.id, cancel: {} })
        }
      })()
      const [{ body }] = await Promise.all([placing, cancelling])
      const order = await orderOf(world, body.id)
      expect(order.status).toBe('CANCELLED')
      expect(await messagesOf(world, body.id)).toHaveLength(1)
    })
    await payUp(world)
    const left = await read(world.database, (connection) =>
      connection.select().from(orders).where(eq(orders.status, 'PENDING')),
    )
    expect(left).toEqual([])
  }, 600_000)
})

describe('one key from fifty connections', () => {
  test('makes one order, and everybody hears of that one or is asked to wait', async () => {
    // In the service so many do not come at once; here they wait for a connection for as long as it takes.
    const patience = { acquireTimeoutMs: 60_000, statementTimeoutMs: 60_000, deadlineMs: 60_000 }
    const deps = { ...world.deps, database: { ...world.database, ...patience } }
    for (let round = 0; round < raceRounds({ quick: 3, full: 40 }); round++) {
      const [buyer, key] = [newSession(), newId()]
      const basket = basketOf(newOffer(world))
      const outcomes = await Promise.allSettled(
        Array.from({ length: 50 }, () => placeOrder(deps, { buyer, key, basket })),
      )
      const answered = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value.body.id] : []))
      const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []))
      expect(new Set(answered).size).toBe(1)
      expect(refused.filter((code) => code !== 'idempotency-key-in-use')).toEqual([])
      const kept = await read(world.database, (connection) =>
        connection.select().from(orders).where(eq(orders.buyerId, buyer.userId)),
      )
      expect(kept).toHaveLength(1)
    }
  }, 600_000)
})
