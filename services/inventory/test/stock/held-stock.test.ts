import { describe, expect, test } from 'bun:test'
import { newId } from '@bazaar/shared/database/columns'
import { inTransaction, repeatably } from '@bazaar/shared/database/database'
import { refusal } from '@bazaar/shared/testing/refusal'
import { until } from '@bazaar/shared/testing/until'
import { eq, sql } from 'drizzle-orm'
import { expireReservations } from '../../src/stock/expire-reservations.ts'
import { expireStock } from '../../src/stock/giving-back.ts'
import { lockReservation, saveReservation } from '../../src/stock/reservation-store.ts'
import { moveStock } from '../../src/stock/stock.ts'
import { lockStock, saveMovements } from '../../src/stock/stock-store.ts'
import { reservations, stock } from '../../src/tables.ts'
import type { ProductView } from '../../src/views.ts'
import { lineOf, openWorld } from '../world.ts'

const world = await openWorld()
const seller = await world.seller()

/** Makes the time of a reservation be over: the database's clock is what counts. */
async function passTime(orderId: string): Promise<void> {
  await repeatably(world.database, (connection) =>
    connection
      .update(reservations)
      .set({ expiresAt: sql`now(3) - interval 1 second` })
      .where(eq(reservations.orderId, orderId)),
  )
}

/** Whether a statement about reservations is being worked on: while we hold the row, it waits for it. */
async function somebodyWaits(): Promise<boolean> {
  const [rows] = await repeatably(world.database, (connection) =>
    connection.execute(sql`
      select 1 from information_schema.processlist
      where db = database() and id <> connection_id() and info like '%reservations%'`),
  )
  return Array.isArray(rows) && rows.length > 0
}

describe('POST /reservations/{orderId}/confirmation', () => {
  test('keeps the stock for good, however often it is asked to', async () => {
    const kettle = await world.offer(seller)
    const params = { orderId: newId() }
    await world.orders.placeReservation({ params, body: { lines: [lineOf(kettle, 4)] } })
    for (let time = 0; time < 2; time++) {
      const { body } = await world.orders.confirmReservation({ params })
      expect(body).toMatchObject({ status: 'CONFIRMED', expiresAt: null })
    }
    await passTime(params.orderId)
    await expireReservations(world.deps)
    expect((await world.orders.readReservation({ params })).body.status).toBe('CONFIRMED')
    expect(await world.stockOf(kettle.id)).toBe(6)
  })

  test('comes too late when the time is over, even before anybody has put the stock back', async () => {
    const kettle = await world.offer(seller)
    const params = { orderId: newId() }
    await world.orders.placeReservation({ params, body: { lines: [lineOf(kettle, 4)] } })
    await passTime(params.orderId)
    const problem = await refusal(world.orders.confirmReservation({ params }))
    expect(problem).toMatchObject({ status: 409, code: 'reservation-expired' })
    await expireReservations(world.deps)
    expect(await world.stockOf(kettle.id)).toBe(10)
  })

  test('waits for an expiry that is under way, and then comes too late', async () => {
    const kettle = await world.offer(seller)
    const params = { orderId: newId() }
    await world.orders.placeReservation({ params, body: { lines: [lineOf(kettle, 4)] } })
    const holding = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    const expiry = inTransaction(world.database, async (tx) => {
      const { levels: locked } = await lockStock(tx, [kettle.id])
      const stored = await lockReservation(tx, params.orderId)
      const overdue = new Date(Date.now() + 3_600_000)
      const expired = stored && expireStock(stored, overdue)
      if (!expired) throw new Error('there is nothing to expire')
      holding.resolve()
      await goOn.promise
      await saveReservation(tx, stored, expired.reservation)
      const cause = { productId: kettle.id, delta: 4, reason: 'EXPIRED' as const, sourceId: params.orderId }
      await saveMovements(tx, locked, moveStock(locked, [cause], overdue).movements)
    })
    await holding.promise
    const confirmation = refusal(world.orders.confirmReservation({ params }))
    await until('the confirmation waits', () => somebodyWaits())
    goOn.resolve()
    await expiry
    expect((await confirmation).code).toBe('reservation-expired')
    expect(await world.stockOf(kettle.id)).toBe(10)
    expect((await world.orders.readReservation({ params })).body.status).toBe('EXPIRED')
  })

  test('comes too late when the time was over before it had the reservation, for which it waited', async () => {
    const kettle = await world.offer(seller)
    const params = { orderId: newId() }
    await world.orders.placeReservation({ params, body: { lines: [lineOf(kettle, 4)] } })
    const holding = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    const isOurs = eq(reservations.orderId, params.orderId)
    const holder = inTransaction(world.database, async (tx) => {
      await lockReservation(tx, params.orderId)
      holding.resolve()
      await goOn.promise
      await tx.update(reservations).set({ expiresAt: sql`now(3)` }).where(isOurs)
    })
    await holding.promise
    const confirmation = refusal(world.orders.confirmReservation({ params }))
    await until('the confirmation waits', () => somebodyWaits())
    goOn.resolve()
    await holder
    expect((await confirmation).code).toBe('reservation-expired')
  })

  test('refuses an order that has no reservation', async () => {
    const problem = await refusal(world.orders.confirmReservation({ params: { orderId: newId() } }))
    expect(problem).toMatchObject({ status: 404, code: 'not-found' })
  })
})

describe('expireReservations()', () => {
  test('puts the stock back once, says so in the ledger, and the order cannot reserve again', async () => {
    const kettle = await world.offer(seller)
    const lamp = await world.offer(seller)
    const input = { params: { orderId: newId() }, body: { lines: [lineOf(kettle, 4), lineOf(lamp, 1)] } }
    await world.orders.placeReservation(input)
    await passTime(input.params.orderId)
    await Promise.all([1, 2, 3].map(() => expireReservations(world.deps)))
    await expireReservations(world.deps)

    expect([await world.stockOf(kettle.id), await world.stockOf(lamp.id)]).toEqual([10, 10])
    const { body } = await world.client.listStockMovements({
      session: seller.session,
      params: { productId: kettle.id },
    })
    expect(body.items[0]).toMatchObject({ delta: 4, stockAfter: 10, reason: 'EXPIRED' })
    expect(body.items).toHaveLength(3)
    expect((await world.orders.readReservation(input)).body).toMatchObject({
      status: 'EXPIRED',
      expiresAt: null,
    })
    expect((await refusal(world.orders.placeReservation(input))).code).toBe('reservation-expired')
  })

  test('leaves alone what is held for longer', async () => {
    const kettle = await world.offer(seller)
    const params = { orderId: newId() }
    await world.orders.placeReservation({ params, body: { lines: [lineOf(kettle, 4)] } })
    await expireReservations(world.deps)
    expect((await world.orders.readReservation({ params })).body.status).toBe('HELD')
  })

  test('goes on after one that cannot be put back', async () => {
    const [kettle, lamp] = [await world.offer(seller), await world.offer(seller)]
    const orderIds = [newId(), newId()]
    for (const [index, product] of [kettle, lamp].entries()) {
      const orderId = orderIds[index] ?? ''
      await world.orders.placeReservation({ params: { orderId }, body: { lines: [lineOf(product)] } })
      await passTime(orderId)
    }
    const spoil = (releasedQuantity: number) =>
      repeatably(world.database, (connection) =>
        connection
          .update(stock)
          .set({ stockCount: 9 + releasedQuantity })
          .where(eq(stock.productId, kettle.id)),
      )
    await spoil(1)
    await expireReservations(world.deps)
    expect(await world.stockOf(lamp.id)).toBe(10)
    await spoil(0)
    await expireReservations(world.deps)
    expect(await world.stockOf(kettle.id)).toBe(10)
  })

  test('goes on after more than it looks at in one go that cannot be put back', async () => {
    const [kettle, lamp] = [await world.offer(seller, { stockCount: 200 }), await world.offer(seller)]
    const overdue = async (product: ProductView) => {
      const orderId = newId()
      await world.orders.placeReservation({ params: { orderId }, body: { lines: [lineOf(product)] } })
      await passTime(orderId)
    }
    for (let number = 0; number < 105; number++) await overdue(kettle)
    await overdue(lamp)
    const count = (stockCount: number) =>
      repeatably(world.database, (connection) =>
        connection.update(stock).set({ stockCount }).where(eq(stock.productId, kettle.id)),
      )
    await count(96)
    const after = await expireReservations(world.deps)
    expect(await expireReservations(world.deps, after)).toBeUndefined()
    expect([await world.stockOf(lamp.id), await world.stockOf(kettle.id)]).toEqual([10, 96])

    await count(95)
    let next = await expireReservations(world.deps)
    while (next) next = await expireReservations(world.deps, next)
    expect(await world.stockOf(kettle.id)).toBe(200)
  })
})
