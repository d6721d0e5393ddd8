import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { newId } from '@bazaar/shared/database/columns'
import { inTransaction, repeatably } from '@bazaar/shared/database/database'
import { eq, sql } from 'drizzle-orm'
import { auditStock } from '../../src/auditing/audit-stock.ts'
import { expireReservations } from '../../src/stock/expire-reservations.ts'
import { releaseReservation } from '../../src/stock/release-reservation.ts'
import { reservationLines, reservations, stock, stockMovements } from '../../src/tables.ts'
import { lineOf, type Person, startWorld, type World } from '../world.ts'
import { cancellationOf } from './cancellation.ts'

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
    await repeatably(world.database, (connection) =>
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
    await repeatably(world.database, (connection) =>
      connection.update(stock).set({ stockCount: 99 }).where(eq(stock.productId, bent.id)),
    )
    await repeatably(world.database, (connection) =>
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
    await repeatably(world.database, (connection) =>
      connection.update(stock).set({ stockCount: 99 }).where(eq(stock.productId, last)),
    )
    expect(await auditStock(world.deps)).toContainEqual({ productId: last, difference: 'ledger-not-stock' })
  })

  test('looks step by step at a product that moved very often, and names what is wrong with it', async () => {
    const [busy, other] = [await world.offer(seller), await world.offer(seller)]
    await haveOrdered(busy, 25_000)
    const named = (await auditStock(world.deps)).filter(({ productId }) => productId === busy.id)
    expect(named).toEqual([])

    const ofBusy = sql`where product_id = unhex(${hex(busy.id)})`
    await repeatably(world.database, async (connection) => {
      await connection.execute(
        sql`update ${reservationLines} set quantity = 2 ${ofBusy} order by order_id desc limit 1`,
      )
      await connection.execute(sql`update ${stock} set stock_count = 1 ${ofBusy}`)
    })
    const found = await auditStock(world.deps)
    expect(found).toContainEqual({ productId: busy.id, difference: 'reserved-not-ledger' })
    expect(found).toContainEqual({ productId: busy.id, difference: 'ledger-not-stock' })
    expect(found.map(({ productId }) => productId)).not.toContain(other.id)
  })
})

const hex = (id: string) => id.replaceAll('-', '')

/** Has a product ordered so often, one unit each time, as the database would show it afterwards. */
async function haveOrdered({ id }: { id: string }, times: number): Promise<void> {
  const productId = sql`unhex(${hex(id)})`
  const orderId = sql`unhex(concat('019cd1f06f007c3a8d215e9b', lpad(hex(n), 8, '0')))`
  const numbers = sql`(
    with recursive counted as (select 1 n union all select n + 1 from counted where n < 250)
    select (tens.n - 1) * 250 + ones.n n from counted tens, counted ones
    where (tens.n - 1) * 250 + ones.n <= ${times}
  ) numbers`
  await inTransaction(world.database, async (tx) => {
    await tx.execute(sql`insert into ${reservations} (order_id, status, created_at, changed_at)
      select ${orderId}, 'CONFIRMED', now(3), now(3) from ${numbers}`)
    await tx.execute(sql`insert into ${reservationLines}
      (order_id, product_id, quantity, released_quantity, unit_price_minor, currency)
      select ${orderId}, ${productId}, 1, 0, 2499, 'EUR' from ${numbers}`)
    await tx.execute(sql`insert into ${stockMovements}
      (product_id, sequence, delta, reason, source_id, stock_after, at)
      select ${productId}, n + 2, -1, 'RESERVED', ${orderId}, ${times} - n, now(3) from ${numbers}`)
    await tx.execute(sql`insert into ${stockMovements}
      (product_id, sequence, delta, reason, source_id, stock_after, at)
      values (${productId}, 2, ${times} - 10, 'RESTOCK', ${productId}, ${times}, now(3))`)
    await tx.execute(
      sql`update ${stock} set stock_count = 0, last_sequence = ${times + 2} where product_id = ${productId}`,
    )
  })
}
