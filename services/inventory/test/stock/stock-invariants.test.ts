import { describe, expect, test } from 'bun:test'
import { newId } from '@bazaar/shared/database/columns'
import { repeatably } from '@bazaar/shared/database/database'
import { refusal } from '@bazaar/shared/testing/refusal'
import { eq } from 'drizzle-orm'
import { reservationLines, stock } from '../../src/tables.ts'
import { lineOf, openWorld } from '../world.ts'

const world = await openWorld()
const seller = await world.seller()

describe('stock', () => {
  test('is kept by the database itself: it refuses negative stock and more given back than was taken', async () => {
    const kettle = await world.offer(seller)
    const orderId = newId()
    await world.orders.placeReservation({ params: { orderId }, body: { lines: [lineOf(kettle)] } })
    const attempts = [
      repeatably(world.database, (connection) =>
        connection.update(stock).set({ stockCount: -1 }).where(eq(stock.productId, kettle.id)),
      ),
      repeatably(world.database, (connection) =>
        connection
          .update(reservationLines)
          .set({ releasedQuantity: 2 })
          .where(eq(reservationLines.orderId, orderId)),
      ),
    ]
    for (const outcome of await Promise.allSettled(attempts)) expect(outcome.status).toBe('rejected')
  })

  test('changes nothing when the ledger is not what the counter says, and counts it', async () => {
    const kettle = await world.offer(seller)
    const setCount = (stockCount: number) =>
      repeatably(world.database, (connection) =>
        connection.update(stock).set({ stockCount }).where(eq(stock.productId, kettle.id)),
      )
    await setCount(11)
    const problem = await refusal(
      world.orders.placeReservation({ params: { orderId: newId() }, body: { lines: [lineOf(kettle)] } }),
    )
    expect(problem).toMatchObject({ status: 500, code: 'internal-error' })
    expect(await world.stockOf(kettle.id)).toBe(11)
    const metrics = await world.metrics.registry.metrics()
    expect(metrics).toMatch(/invariant_violation_total\{[^}]*invariant="ledger-is-stock"[^}]*\} [1-9]/)
    await setCount(10)
  })
})
