import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { newId } from '@bazaar/shared/columns'
import { read } from '@bazaar/shared/database'
import { eq, sql } from 'drizzle-orm'
import { auditStock } from '../src/audit-stock.ts'
import { expireReservations } from '../src/expire-reservations.ts'
import { releaseReservation } from '../src/release-reservation.ts'
import { reservationLines, reservations, stock } from '../src/tables.ts'
import { cancellationOf } from './cancellation.ts'
import { lineOf, type Person, startWorld, type World } from './world.ts'

let world: World
let seller: Person
beforeAll(async () => {
  world = await startWorld()
  seller = await world.seller()
})
afterAll(() => world.close())

describe('auditStock()', () => {
  test('finds that all adds up after everything that can happen to stock', async () => {
    const kettle = await world.offer(seller)
    const orders = Array.from({ length: 4 }, () => newId())
    for (const orderId of orders)
      await world.orders.placeReservation({ params: { orderId }, body: { lines: [lineOf(kettle, 2)] } })
    const [confirmed = '', released = '', expired = ''] = orders
    await world.orders.confirmReservation({ params: { orderId: confirmed } })
    await releaseReservation(
      world.deps,
      'test',
      cancellationOf(released, [{ productId: kettle.id, quantity: 1 }]),
    )
    await read(world.database, (connection) =>
      connection
        .update(reservations)
        .set({ expiresAt: sql`now(3) - interval 1 second` })
        .where(eq(reservations.orderId, expired)),
    )
    await expireReservations(world.deps)
    expect(await world.stockOf(kettle.id)).toBe(5)
    expect(await auditStock(world.deps)).toEqual([])
  })

  test('names a counter that is not its ledger, and stock set aside that the ledger does not know', async () => {
    const [bent, lost] = [await world.offer(seller), await world.offer(seller)]
    const orderId = newId()
    await world.orders.placeReservation({ params: { orderId }, body: { lines: [lineOf(lost, 3)] } })
    await read(world.database, (connection) =>
      connection.update(stock).set({ stockCount: 99 }).where(eq(stock.productId, bent.id)),
    )
    await read(world.database, (connection) =>
      connection.update(reservationLines).set({ quantity: 4 }).where(eq(reservationLines.orderId, orderId)),
    )
    const found = await auditStock(world.deps)
    expect(found).toContainEqual({ productId: bent.id, difference: 'ledger-not-stock' })
    expect(found).toContainEqual({ productId: lost.id, difference: 'reserved-not-ledger' })
    expect(found).toHaveLength(2)
    expect(
      await world.metrics.registry.getSingleMetricAsString('reconciliation_differences_total'),
    ).toContain('difference="ledger-not-stock"')
  })

  test('looks at every product, also past those that it reads at once', async () => {
    const offered = []
    for (let number = 0; number < 25; number++) offered.push(await world.offer(seller))
    const last = offered.at(-1)?.id ?? ''
    await read(world.database, (connection) =>
      connection.update(stock).set({ stockCount: 99 }).where(eq(stock.productId, last)),
    )
    expect(await auditStock(world.deps)).toContainEqual({ productId: last, difference: 'ledger-not-stock' })
  })
})
