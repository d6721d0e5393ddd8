import { describe, expect, test } from 'bun:test'
import { newId } from '@bazaar/shared/database/columns'
import { repeatably } from '@bazaar/shared/database/database'
import { DomainError, InvariantViolation } from '@bazaar/shared/problem'
import { holdRows } from '@bazaar/shared/testing/held-rows'
import { eq, sql } from 'drizzle-orm'
import { createConfirmations } from '../../src/stock/confirm-reservation.ts'
import { createReservations } from '../../src/stock/place-reservation.ts'
import { holdStock, type Reservation } from '../../src/stock/reservation.ts'
import { insertReservations, lockReservation } from '../../src/stock/reservation-store.ts'
import { reservations, stock } from '../../src/tables.ts'
import type { ProductView } from '../../src/views.ts'
import { lineOf, openWorld } from '../world.ts'

/* Orders that are served together, because they came in the same turn: each has an outcome of its own. */

const world = await openWorld({ poolMax: 20 })
const seller = await world.seller()
const products: ProductView[] = []
for (let index = 0; index < 20; index++) products.push(await world.offer(seller))

/** An order of one unit of each product, with what is given added to its lines. */
const orders = (more: ReturnType<typeof lineOf>[] = []) =>
  products.map((product) => ({ orderId: newId(), lines: [lineOf(product), ...more] }))

/** The codes of the refusals, or the states, of work that is done at the same time. */
async function outcomes(work: readonly Promise<Reservation>[]): Promise<string[]> {
  return (await Promise.allSettled(work)).map((one) => {
    if (one.status === 'fulfilled') return one.value.status
    if (one.reason instanceof DomainError) return one.reason.code
    if (one.reason instanceof InvariantViolation) return one.reason.invariant
    throw one.reason
  })
}

const all = <T>(value: T) => products.map(() => value)

describe('reservations of different products', () => {
  test('are made in one transaction, each with its own lines', async () => {
    const { placeReservation: place } = createReservations(world.deps)
    const asked = orders()
    const held = await Promise.all(asked.map((order) => place(order)))
    expect(held.map(({ orderId }) => orderId)).toEqual(asked.map(({ orderId }) => orderId))
    expect(held.map(({ lines }) => lines[0]?.productId)).toEqual(products.map(({ id }) => id))
    // The time is read once a transaction.
    expect(new Set(held.map(({ expiresAt }) => expiresAt?.getTime())).size).toBe(1)
    for (const { orderId } of asked) {
      const { body } = await world.orders.readReservation({ params: { orderId } })
      expect(body.status).toBe('HELD')
    }
  })

  test('that have a product in common take no more of it than there is', async () => {
    const rare = await world.offer(seller, { stockCount: 7 })
    const { placeReservation: place } = createReservations(world.deps)
    const before = await Promise.all(products.map(({ id }) => world.stockOf(id)))
    const found = await outcomes(orders([lineOf(rare)]).map((order) => place(order)))
    expect(found.filter((one) => one === 'HELD')).toHaveLength(7)
    expect(found.filter((one) => one === 'out-of-stock')).toHaveLength(13)
    expect(await world.stockOf(rare.id)).toBe(0)
    const after = await Promise.all(products.map(({ id }) => world.stockOf(id)))
    // A refused order has taken nothing of its other product.
    expect(after).toEqual(before.map((count, index) => count - (found[index] === 'HELD' ? 1 : 0)))
  })

  test('are refused one by one, for their own reasons', async () => {
    const { placeReservation: place } = createReservations(world.deps)
    const asked = orders()
    const [first, second, third] = asked
    for (const line of first?.lines ?? []) line.quantity = 1_000
    for (const line of second?.lines ?? []) line.unitPriceMinor += 1
    for (const line of third?.lines ?? []) line.productId = newId()
    const found = await outcomes(asked.map((order) => place(order)))
    expect(found).toEqual(
      all('HELD').with(0, 'out-of-stock').with(1, 'price-changed').with(2, 'product-gone'),
    )
  })

  test('include one that was made before: it gets the same answer, and takes nothing again', async () => {
    const { placeReservation: place } = createReservations(world.deps)
    const asked = orders()
    const [again] = asked
    if (!again) throw new Error('there is no order')
    const made = await place(again)
    const before = await world.stockOf(products[0]?.id ?? '')
    const found = await Promise.all(asked.map((order) => place(order)))
    expect(found.map(({ status }) => status)).toEqual(all('HELD'))
    expect(found[0]?.expiresAt).toEqual(made.expiresAt)
    expect(await world.stockOf(products[0]?.id ?? '')).toBe(before)
  })

  test('do not wait for one that somebody else is just making', async () => {
    const { placeReservation: place } = createReservations(world.deps)
    const asked = orders()
    const [held, ...others] = asked
    if (!held) throw new Error('there is no order')
    const letGo = await holdRows(world.database, (tx) => {
      const now = new Date()
      return insertReservations(tx, [holdStock(held.orderId, held.lines, now)], now)
    })
    const waiting = outcomes([place(held)])
    expect(await outcomes(others.map((order) => place(order)))).toEqual(all('HELD').slice(1))
    await letGo()
    expect(await waiting).toEqual(['HELD'])
  })

  test('fail alone where the ledger of one product is broken', async () => {
    const { placeReservation: place } = createReservations(world.deps)
    const asked = orders()
    const broken = eq(stock.productId, products[13]?.id ?? '')
    const change = (by: number) =>
      repeatably(world.database, (connection) =>
        connection
          .update(stock)
          .set({ stockCount: sql`${stock.stockCount} + ${by}` })
          .where(broken),
      )
    await change(5)
    const found = await outcomes(asked.map((order) => place(order)))
    await change(-5)
    expect(found).toEqual(all('HELD').with(13, 'ledger-is-stock'))
  })
})

describe('confirmations', () => {
  test('that come together are all made, each of its own order', async () => {
    const { placeReservation: place } = createReservations(world.deps)
    const { confirmReservation: confirm } = createConfirmations(world.deps)
    const held = await Promise.all(orders().map((order) => place(order)))
    const confirmed = await Promise.all(held.map(({ orderId }) => confirm(orderId)))
    expect(confirmed.map(({ orderId, status }) => ({ orderId, status }))).toEqual(
      held.map(({ orderId }) => ({ orderId, status: 'CONFIRMED' })),
    )
    expect(confirmed.map(({ lines }) => lines)).toEqual(held.map(({ lines }) => lines))
  })

  test('do not wait for one whose reservation somebody else holds', async () => {
    const { placeReservation: place } = createReservations(world.deps)
    const { confirmReservation: confirm } = createConfirmations(world.deps)
    const [held = '', ...others] = (await Promise.all(orders().map((order) => place(order)))).map(
      ({ orderId }) => orderId,
    )
    const letGo = await holdRows(world.database, (tx) => lockReservation(tx, held))
    const waiting = outcomes([confirm(held)])
    expect(await outcomes(others.map((orderId) => confirm(orderId)))).toEqual(all('CONFIRMED').slice(1))
    await letGo()
    expect(await waiting).toEqual(['CONFIRMED'])
  })

  test('are refused one by one: what expired, and what was never held', async () => {
    const { placeReservation: place } = createReservations(world.deps)
    const { confirmReservation: confirm } = createConfirmations(world.deps)
    const held = (await Promise.all(orders().map((order) => place(order)))).map(({ orderId }) => orderId)
    await repeatably(world.database, (connection) =>
      connection
        .update(reservations)
        .set({ expiresAt: sql`now(3) - interval 1 second` })
        .where(eq(reservations.orderId, held[4] ?? '')),
    )
    const asked = held.with(7, newId())
    const found = await outcomes(asked.map((orderId) => confirm(orderId)))
    expect(found).toEqual(all('CONFIRMED').with(4, 'reservation-expired').with(7, 'not-found'))
    expect(await outcomes(asked.map((orderId) => confirm(orderId)))).toEqual(found)
  })
})
