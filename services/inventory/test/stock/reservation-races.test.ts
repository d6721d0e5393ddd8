import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { RemoteProblem } from '@bazaar/shared/clients/client'
import { newId } from '@bazaar/shared/database/columns'
import { read, repeatably } from '@bazaar/shared/database/database'
import { DomainError } from '@bazaar/shared/problem'
import { holdRows } from '@bazaar/shared/testing/held-rows'
import { raceRounds } from '@bazaar/shared/testing/race-rounds'
import { until } from '@bazaar/shared/testing/until'
import { and, eq, gt, sql } from 'drizzle-orm'
import { expireReservations } from '../../src/stock/expire-reservations.ts'
import { createReservations } from '../../src/stock/place-reservation.ts'
import { releaseReservation } from '../../src/stock/release-reservation.ts'
import { lockStock } from '../../src/stock/stock-store.ts'
import { reservations, stockMovements } from '../../src/tables.ts'
import type { ProductView } from '../../src/views.ts'
import { lineOf, startWorld } from '../world.ts'
import { faultsInBooks } from './books.ts'
import { cancellationOf } from './cancellation.ts'

setDefaultTimeout(120_000)

const world = await startWorld({ poolMax: 20 })
const seller = await world.seller()
afterAll(async () => {
  const faults = await faultsInBooks(world.database)
  const violations = await world.metrics.registry.getSingleMetricAsString('invariant_violation_total')
  await world.close()
  expect(faults).toEqual([])
  expect(violations).not.toMatch(/\} [1-9]/)
})

/** Reserves, and answers what came of it: the status of the reservation, or the code of the refusal. */
async function reserve(orderId: string, lines: ReturnType<typeof lineOf>[]): Promise<string> {
  return outcome(world.orders.placeReservation({ params: { orderId }, body: { lines } }))
}

async function outcome(call: Promise<{ body: { status: string } }>): Promise<string> {
  try {
    return (await call).body.status
  } catch (error) {
    if (error instanceof RemoteProblem) return error.code
    throw error
  }
}

/** The same at an instance of the service in this process. */
function reserveAt(
  instance: ReturnType<typeof createReservations> | undefined,
  orderId: string,
  lines: ReturnType<typeof lineOf>[],
): Promise<string> {
  if (!instance) throw new Error('there is no such instance')
  return instance.placeReservation({ orderId, lines }).then(
    ({ status }) => status,
    (error: unknown) => (error instanceof DomainError ? error.code : 'failed'),
  )
}

function counted(outcomes: string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const one of outcomes) counts[one] = (counts[one] ?? 0) + 1
  return counts
}

function many<T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => make(index)))
}

describe('a hundred orders at once', () => {
  test('get ten units exactly ten times', async () => {
    const kettle = await world.offer(seller, { stockCount: 10 })
    const outcomes = await many(100, () => reserve(newId(), [lineOf(kettle)]))
    expect(counted(outcomes)).toEqual({ HELD: 10, 'out-of-stock': 90 })
    expect(await world.stockOf(kettle.id)).toBe(0)
  })

  test('of several units each never get more than there are', async () => {
    const kettle = await world.offer(seller, { stockCount: 10 })
    const outcomes = await many(100, (index) => reserve(newId(), [lineOf(kettle, 1 + (index % 3))]))
    const left = await world.stockOf(kettle.id)
    expect(left).toBe(0)
    expect(counted(outcomes)['HELD']).toBeGreaterThanOrEqual(4)
  })

  test('by two instances of the service get ten units exactly ten times', async () => {
    const kettle = await world.offer(seller, { stockCount: 10 })
    const other = createReservations(world.deps)
    const outcomes = await many(100, (index) =>
      index % 2 === 0 ? reserve(newId(), [lineOf(kettle)]) : reserveAt(other, newId(), [lineOf(kettle)]),
    )
    expect(counted(outcomes)).toEqual({ HELD: 10, 'out-of-stock': 90 })
  })

  test('for one product are served together, in two transactions', async () => {
    const kettle = await world.offer(seller, { stockCount: 20 })
    const { placeReservation: place } = createReservations(world.deps)
    const orderIds = Array.from({ length: 30 }, () => newId())
    // Each asks twice: the first is served alone, and all who came meanwhile make the second batch.
    const outcomes = await Promise.allSettled(
      [...orderIds, ...orderIds].map((orderId) => place({ orderId, lines: [lineOf(kettle)] })),
    )
    const held = outcomes.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
    expect(held).toHaveLength(40)
    expect(new Set(held.map(({ expiresAt }) => expiresAt?.getTime())).size).toBeLessThanOrEqual(2)
    expect(await world.stockOf(kettle.id)).toBe(0)
  })

  test('do not wait for the seller who is changing the product', async () => {
    const kettle = await world.offer(seller, { stockCount: 55 })
    const [outcomes] = await Promise.all([
      many(50, () => reserve(newId(), [lineOf(kettle)])),
      many(10, (index) =>
        world.client.adjustStock({
          session: seller.session,
          params: { productId: kettle.id },
          idempotencyKey: newId(),
          body: { delta: index % 2 === 0 ? 3 : -1, reason: 'CORRECTION' },
        }),
      ),
    ])
    expect(counted(outcomes)).toEqual({ HELD: 50 })
    expect(await world.stockOf(kettle.id)).toBe(15)
  })
})

describe('the books', () => {
  test('balance at every moment, while orders come, go and expire', async () => {
    const [first, second] = [await world.offer(seller), await world.offer(seller, { stockCount: 40 })]
    let isOver = false
    let looks = 0
    const watching = (async () => {
      while (!isOver) {
        expect(await faultsInBooks(world.database)).toEqual([])
        looks += 1
      }
    })()
    await many(60, async (index) => {
      const orderId = newId()
      const lines = index % 3 === 0 ? [lineOf(first), lineOf(second, 2)] : [lineOf(second)]
      const outcome = await reserve(orderId, lines)
      if (outcome !== 'HELD') return
      const cancelled = [{ productId: second.id, quantity: 1 }]
      if (index % 2 === 0) await releaseReservation(world.deps, 'test', cancellationOf(orderId, cancelled))
      else await endSoon(orderId, 0)
      if (index % 10 === 0) await expireReservations(world.deps)
    })
    isOver = true
    await watching
    expect(looks).toBeGreaterThan(1)
  })
})

describe('carts with the same products in different orders', () => {
  test('never deadlock: (A, B) against (B, A), many at once', async () => {
    const carts = raceRounds({ quick: 100, full: 1_000 })
    const stockCount = carts * 0.6
    const [first, second] = [
      await world.offer(seller, { stockCount }),
      await world.offer(seller, { stockCount }),
    ]
    const before = await deadlocks()
    // An instance gathers its carts, so it takes two, each with its own order, to lock both products at the same time.
    const instances = [createReservations(world.deps), createReservations(world.deps)]
    const lines = [lineOf(first), lineOf(second)]
    const letGo = await holdRows(world.database, (tx) => lockStock(tx, [first.id, second.id]))
    const reserving = many(carts, (index) =>
      reserveAt(instances[index % 2], newId(), index % 2 === 0 ? lines : lines.toReversed()),
    )
    await until('both instances wait for the stock', async () => (await lockWaits()) >= 2)
    await letGo()
    const outcomes = await reserving
    expect(counted(outcomes)).toEqual({ HELD: stockCount, 'out-of-stock': carts - stockCount })
    expect([await world.stockOf(first.id), await world.stockOf(second.id)]).toEqual([0, 0])
    // One that the database resolved and we repeated would not show in the answers.
    expect(await deadlocks()).toBe(before)
  })

  test('are served beside orders for one of them alone, all or nothing', async () => {
    const products: ProductView[] = []
    for (let index = 0; index < 4; index++) products.push(await world.offer(seller, { stockCount: 30 }))
    const carts = Array.from({ length: 200 }, (_, index) => {
      const wanted = products.filter((_, place) => ((index * 7 + 1) >> place) % 2 === 1)
      return wanted.length > 0 ? wanted : products
    })
    const outcomes = await many(200, (index) => {
      const lines = (carts[index] ?? []).map((product) => lineOf(product))
      return reserve(newId(), index % 2 === 0 ? lines : lines.toReversed())
    })
    expect(Object.keys(counted(outcomes)).toSorted()).toEqual(['HELD', 'out-of-stock'])
    for (const product of products) {
      const held = carts.filter((cart, index) => outcomes[index] === 'HELD' && cart.includes(product))
      expect(await world.stockOf(product.id)).toBe(30 - held.length)
    }
  })
})

describe('one order asked for fifty times at once', () => {
  for (const [name, lines] of [
    ['a single product', 1],
    ['two products', 2],
  ] as const) {
    test(`takes its stock once (${name})`, async () => {
      const offered = [await world.offer(seller), await world.offer(seller)].slice(0, lines)
      const orderId = newId()
      const outcomes = await many(50, () =>
        reserve(
          orderId,
          offered.map((product) => lineOf(product, 2)),
        ),
      )
      expect(counted(outcomes)).toEqual({ HELD: 50 })
      for (const { id } of offered) expect(await world.stockOf(id)).toBe(8)
    })
  }

  test('with different products gets one of them, and the others are refused', async () => {
    const offered = await many(5, () => world.offer(seller))
    const orderId = newId()
    const outcomes = await many(50, (index) => {
      const product = offered[index % 5]
      return reserve(orderId, product ? [lineOf(product)] : [])
    })
    expect(counted(outcomes)).toEqual({ HELD: 10, 'reservation-mismatch': 40 })
    const left = await Promise.all(offered.map(({ id }) => world.stockOf(id)))
    expect(left.toSorted((one, other) => one - other)).toEqual([9, 10, 10, 10, 10])
  })
})

describe('a seller who changes the stock that is being reserved', () => {
  test('finds in the end what the seller and the orders left, and nothing was lost', async () => {
    const rounds = raceRounds({ quick: 25, full: 500 })
    const kettle = await world.offer(seller, { stockCount: rounds })
    const params = { productId: kettle.id }
    const reserved = many(rounds, () => reserve(newId(), [lineOf(kettle)]))
    const adjusted = many(rounds, (index) =>
      outcomeOfAdjustment(
        world.client.adjustStock({
          session: seller.session,
          idempotencyKey: newId(),
          params,
          body: index % 2 === 0 ? { delta: 3, reason: 'RESTOCK' } : { delta: -1, reason: 'LOSS' },
        }),
      ),
    )
    const held = (await reserved).filter((one) => one === 'HELD').length
    const delta = (await adjusted).reduce((sum, one) => sum + one, 0)
    expect(await world.stockOf(kettle.id)).toBe(rounds + delta - held)
  })
})

/** By how much it changed the stock; not at all when there was too little. */
async function outcomeOfAdjustment(call: Promise<{ body: { delta: number } }>): Promise<number> {
  try {
    return (await call).body.delta
  } catch (error) {
    if (error instanceof RemoteProblem && error.code === 'stock-would-be-negative') return 0
    throw error
  }
}

describe('a reservation whose time is just over', () => {
  test('is confirmed, expired or cancelled, and its stock goes back once at the most', async () => {
    const rounds = raceRounds({ quick: 15, full: 60 })
    const kettle = await world.offer(seller, { stockCount: rounds })
    const ended = await many(rounds, async (index) => {
      const orderId = newId()
      const cancellation = cancellationOf(orderId, [{ productId: kettle.id, quantity: 1 }])
      const { cancellationId } = cancellation.data
      await reserve(orderId, [lineOf(kettle)])
      await endSoon(orderId, (index % 3) * 20 - 10)
      const [confirmed] = await Promise.all([
        outcome(world.orders.confirmReservation({ params: { orderId } })),
        expireReservations(world.deps),
        index % 2 === 0 ? releaseReservation(world.deps, 'test', cancellation) : undefined,
        expireReservations(world.deps),
      ])
      return { orderId, cancellationId, confirmed, wasCancelled: index % 2 === 0 }
    })
    await expireReservations(world.deps)

    for (const { orderId, cancellationId, confirmed, wasCancelled } of ended) {
      const { body } = await world.orders.readReservation({ params: { orderId } })
      const wentBack = await read(world.database, (connection) =>
        connection
          .select()
          .from(stockMovements)
          .where(and(eq(stockMovements.productId, kettle.id), gt(stockMovements.delta, 0)))
          .then((rows) => rows.filter(({ sourceId }) => [orderId, cancellationId].includes(sourceId))),
      )
      expect(wentBack.length).toBe(body.status === 'CONFIRMED' ? 0 : 1)
      if (wasCancelled) expect(body.status).not.toBe('CONFIRMED')
      if (confirmed === 'CONFIRMED') expect(body.status).toBe(wasCancelled ? 'RELEASED' : 'CONFIRMED')
    }
  })
})

async function deadlocks(): Promise<string | undefined> {
  const retries = await world.metrics.registry.getSingleMetricAsString('transaction_retries_total')
  return /reason="deadlock"[^}]*\} [0-9]+/.exec(retries)?.[0]
}

/** The number of statements on the server that wait for a row at this moment. */
async function lockWaits(): Promise<number> {
  return repeatably(world.database, async (connection) => {
    const [rows] = await connection.execute(sql`show global status like 'Innodb_row_lock_current_waits'`)
    const [found]: unknown[] = Array.isArray(rows) ? rows : []
    return Number(Object(found)['Value'])
  })
}

async function endSoon(orderId: string, inMs: number): Promise<void> {
  await repeatably(world.database, (connection) =>
    connection
      .update(reservations)
      .set({ expiresAt: sql`now(3) + interval ${inMs * 1000} microsecond` })
      .where(eq(reservations.orderId, orderId)),
  )
}
