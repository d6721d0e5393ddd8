import { expect, setDefaultTimeout, test } from 'bun:test'
import { RemoteProblem } from '@bazaar/shared/clients/client'
import { newId } from '@bazaar/shared/database/columns'
import { holdRows } from '@bazaar/shared/testing/held-rows'
import { raceRounds } from '@bazaar/shared/testing/race-rounds'
import { createReservations } from '../../src/stock/place-reservation.ts'
import { lockStock } from '../../src/stock/stock-store.ts'
import type { ProductView } from '../../src/views.ts'
import { lineOf, openWorld } from '../world.ts'
import { faultsInBooks } from './books.ts'

/*
 * Orders of several products by many callers at once. Databases differ in what a locking statement locks besides the
 * rows that it names, so this runs on every database that Bazaar is promised to run on.
 */

setDefaultTimeout(300_000)

const CALLERS = 64
const ROUNDS = raceRounds({ quick: 6, full: 40 })
const PRODUCTS = 12
const LINES_MAX = 4

const world = await openWorld({ poolMax: 20 })
const seller = await world.seller()

test(`${CALLERS} callers with orders of several products meet no deadlock, and the books balance`, async () => {
  const products = await offerMany(PRODUCTS, 400)
  const callers = Array.from({ length: CALLERS }, async (_, caller) => {
    for (let round = 0; round < ROUNDS; round++) await oneOrder(products, caller * ROUNDS + round)
  })
  await Promise.all(callers)

  expect(await faultsInBooks(world.database)).toEqual([])
  const told = await world.metrics.registry.metrics()
  expect(told.match(/^transaction_retries_total.*reason="deadlock".*$/gm) ?? []).toEqual([])
  expect(told.match(/^invariant_violation_total\{.*\} [1-9].*$/gm) ?? []).toEqual([])
})

test('an order that waits for one product keeps nobody from the others', async () => {
  const [first, second, third] = await offerMany(3, 10)
  if (!first || !second || !third) throw new Error('products are missing')
  const letGo = await holdStockOf(first)

  // It locks in the order of ids, so it comes to the first and to nothing else.
  const waiting = reserve(newId(), [lineOf(first), lineOf(second)])
  expect(await reserve(newId(), [lineOf(third)])).toBe('HELD')
  expect(await reserve(newId(), [lineOf(second), lineOf(third)])).toBe('HELD')
  expect(await world.stockOf(first.id)).toBe(10)
  await letGo()
  expect(await waiting).toBe('HELD')
  expect(await Promise.all([first, second, third].map(({ id }) => world.stockOf(id)))).toEqual([9, 8, 8])
})

test('orders that come together with those for a locked product do not wait for it', async () => {
  const [first, second, third] = await offerMany(3, 10)
  if (!first || !second || !third) throw new Error('products are missing')
  const { placeReservation: place } = createReservations(world.deps)
  const placeAll = (carts: ProductView[][]) =>
    carts.map((cart) => place({ orderId: newId(), lines: cart.map((product) => lineOf(product)) }))
  const letGo = await holdStockOf(first)

  // All of one turn, so they are gathered.
  const waiting = placeAll(Array.from({ length: 8 }, (_, index) => (index < 6 ? [first] : [second, first])))
  const served = placeAll([[second], [third], [third, second]])
  const unknown = place({ orderId: newId(), lines: [lineOf({ ...third, id: newId() })] })
  expect((await Promise.all(served)).map(({ status }) => status)).toEqual(['HELD', 'HELD', 'HELD'])
  await expect(unknown).rejects.toMatchObject({ code: 'product-gone' })
  expect(await world.stockOf(first.id)).toBe(10)
  await letGo()

  const held = await Promise.all(waiting)
  expect(held.map(({ status }) => status)).toEqual(held.map(() => 'HELD'))
  // Those that want the same wait together, in one transaction: it has one time.
  const times = held.slice(0, 6).map(({ expiresAt }) => expiresAt?.getTime())
  expect(new Set(times).size).toBe(1)
  expect(await Promise.all([first, second, third].map(({ id }) => world.stockOf(id)))).toEqual([2, 6, 8])
})

test('orders for a product that stays locked are refused in time, and nobody else is', async () => {
  const [first, second] = await offerMany(2, 10)
  if (!first || !second) throw new Error('products are missing')
  const { placeReservation: place } = createReservations(world.deps)
  const letGo = await holdStockOf(first)
  const refused = place({ orderId: newId(), lines: [lineOf(first)] })
  const served = place({ orderId: newId(), lines: [lineOf(second)] })
  await expect(refused).rejects.toMatchObject({ dependency: 'database' })
  expect((await served).status).toBe('HELD')
  await letGo()
})

/** Locks the stock of a product until the function that it returns is called. */
const holdStockOf = ({ id }: ProductView) => holdRows(world.database, (tx) => lockStock(tx, [id]))

/** Reserves some products, written in any order, and then confirms or leaves them. */
async function oneOrder(products: ProductView[], number: number): Promise<void> {
  const orderId = newId()
  const outcome = await reserve(
    orderId,
    chosen(products, number).map((product) => lineOf(product)),
  )
  expect(['HELD', 'out-of-stock']).toContain(outcome)
  if (outcome === 'HELD' && number % 2 === 0) await world.orders.confirmReservation({ params: { orderId } })
}

/** One to four different products, in an order that changes with the number. */
function chosen(products: ProductView[], number: number): ProductView[] {
  const count = 1 + (number % LINES_MAX)
  const step = [1, 5, 7, 11][number % 4] ?? 1
  return Array.from(
    { length: count },
    (_, index) => products[(number + index * step) % products.length],
  ).filter((product) => product !== undefined)
}

async function reserve(orderId: string, lines: ReturnType<typeof lineOf>[]): Promise<string> {
  try {
    return (await world.orders.placeReservation({ params: { orderId }, body: { lines } })).body.status
  } catch (error) {
    if (error instanceof RemoteProblem) return error.code
    throw error
  }
}

/** New products, by their ids. */
async function offerMany(count: number, stockCount: number): Promise<ProductView[]> {
  const products: ProductView[] = []
  for (let index = 0; index < count; index++) products.push(await world.offer(seller, { stockCount }))
  return products.sort((one, other) => (one.id < other.id ? -1 : 1))
}
