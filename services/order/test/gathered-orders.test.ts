import { describe, expect, test } from 'bun:test'
import type { Session } from '@bazaar/shared/auth/admission'
import { RemoteProblem } from '@bazaar/shared/clients/client'
import { newId } from '@bazaar/shared/database/columns'
import { inTransaction, read } from '@bazaar/shared/database/database'
import { claimKey } from '@bazaar/shared/database/idempotency-keys'
import { holdRows } from '@bazaar/shared/testing/held-rows'
import { eq, inArray } from 'drizzle-orm'
import { placeOrder } from '../src/placing/place-order.ts'
import { orders, payments } from '../src/tables.ts'
import { basketOf, eventsOf, newOffer, newSession, openWorld, orderOf, payUp } from './world.ts'

/* Orders that are placed together share transactions: each has an outcome of its own. */

const TOGETHER = 20

const world = await openWorld()

type Request = { buyer: Session; key: string; basket: ReturnType<typeof basketOf> }

/** Requests of different buyers for different products, each with a price of its own. */
const requests = (): Request[] =>
  Array.from({ length: TOGETHER }, (_, index) => ({
    buyer: newSession(),
    key: newId(),
    basket: basketOf(newOffer(world, { priceMinor: 100 + index })),
  }))

/** The statuses of the orders, or the codes of the refusals. */
async function outcomes(all: readonly Request[]): Promise<string[]> {
  const settled = await Promise.allSettled(all.map((request) => placeOrder(world.deps, request)))
  return settled.map((one) =>
    one.status === 'fulfilled'
      ? one.value.body.status
      : (one.reason.code ?? one.reason.invariant ?? 'failed'),
  )
}

/** Changes something when the stock of all orders is held, and lets none of them go on before. */
function onceAllHold(change: () => Promise<unknown>): void {
  const isChanged = Promise.withResolvers<void>()
  let left = TOGETHER
  world.shelf.before = async (call) => {
    if (call !== 'confirmReservation') return
    left -= 1
    if (left === 0) isChanged.resolve(change().then(() => undefined))
    await isChanged.promise
  }
}

/** Counts the calls to inventory from now on; those for several orders also count as one for each. */
function callsToInventory(): (name: string) => number {
  const calls: string[] = []
  world.shelf.before = (call) => void calls.push(call)
  return (name) => calls.filter((call) => call === name).length
}

const all = <T>(value: T) => Array.from({ length: TOGETHER }, () => value)

describe('orders that are placed together', () => {
  test('are each confirmed, for their own buyer, with their own lines, payment and history', async () => {
    const asked = requests()
    const placed = await Promise.all(asked.map((request) => placeOrder(world.deps, request)))
    await payUp(world)
    for (const [index, { body }] of placed.entries()) {
      const order = await orderOf(world, body.id)
      expect(order).toMatchObject({
        buyerId: asked[index]?.buyer.userId ?? '',
        status: 'CONFIRMED',
        totalMinor: 2 * (100 + index),
      })
      expect(order.lines.map(({ productId }) => productId)).toEqual([
        asked[index]?.basket.lines[0]?.productId ?? '',
      ])
      expect(order.payments.map(({ status, amountMinor }) => ({ status, amountMinor }))).toEqual([
        { status: 'CAPTURED', amountMinor: 2 * (100 + index) },
      ])
      expect(order.parts).toHaveLength(1)
      expect((await eventsOf(world, body.id)).map(({ type }) => type)).toEqual([
        'PLACED',
        'CONFIRMED',
        'PAYMENT_AUTHORISED',
        'PAYMENT_CAPTURED',
      ])
    }
    // They were stored together: the time is read once a transaction.
    expect(new Set(placed.map(({ body }) => body.placedAt)).size).toBeLessThan(TOGETHER / 2)
  })

  test('are drafted with the offers of few calls to inventory', async () => {
    let calls = 0
    world.shelf.before = (call) => {
      if (call === 'listOffers') calls += 1
    }
    expect(await outcomes(requests())).toEqual(all('CONFIRMED'))
    expect(calls).toBeLessThan(TOGETHER / 2)
  })

  test('are reserved and confirmed by few calls to inventory', async () => {
    const calls = callsToInventory()
    expect(await outcomes(requests())).toEqual(all('CONFIRMED'))
    expect(calls('placeReservations') + calls('confirmReservations')).toBeGreaterThan(0)
    expect(world.shelf.reserved.size).toBeGreaterThanOrEqual(TOGETHER)
  })

  test('are asked for one by one where inventory has not decided', async () => {
    world.shelf.undecided = { has: () => true }
    const calls = callsToInventory()
    expect(await outcomes(requests())).toEqual(all('CONFIRMED'))
    expect([calls('placeReservation'), calls('confirmReservation')]).toEqual([TOGETHER, TOGETHER])
  })

  test('are asked for one by one at an inventory of an earlier release', async () => {
    world.shelf.before = (call) => {
      if (call === 'placeReservations' || call === 'confirmReservations')
        throw new RemoteProblem('inventory', 404, { code: 'not-found' }, undefined)
    }
    expect(await outcomes(requests())).toEqual(all('CONFIRMED'))
  })

  test('are each rejected for their own reason', async () => {
    const asked = requests()
    const scarce = asked[5]?.basket.lines[0]?.productId ?? ''
    let refusals = 0
    world.shelf.before = (call) => {
      if (call !== 'placeReservation' || ++refusals !== 5) return
      throw new RemoteProblem('inventory', 409, { code: 'out-of-stock', productIds: [scarce] }, undefined)
    }
    expect((await outcomes(asked)).toSorted()).toEqual(
      [...all('CONFIRMED').slice(1), 'out-of-stock'].toSorted(),
    )
  })

  test('are all asked to come back when inventory has too much to do, after one call', async () => {
    let calls = 0
    world.shelf.before = (call) => {
      if (call !== 'listOffers') return
      calls += 1
      throw new RemoteProblem('inventory', 429, { code: 'too-many-requests' }, 3)
    }
    expect(await outcomes(requests())).toEqual(all('too-many-requests'))
    expect(calls).toBeLessThan(TOGETHER / 2)
  })

  test('are each answered under their own key, also when all are asked again', async () => {
    const asked = requests()
    const first = await Promise.all(asked.map((request) => placeOrder(world.deps, request)))
    const again = await Promise.all(asked.map((request) => placeOrder(world.deps, request)))
    expect(again.map(({ body }) => body)).toEqual(first.map(({ body }) => body))
    expect(again.map(({ headers }) => headers['idempotent-replayed'])).toEqual(all('true'))
  })

  test('are refused alone when a key was used for something else, or is used twice', async () => {
    const [used, ...asked] = requests()
    if (!used) throw new Error('there is no request')
    await placeOrder(world.deps, used)
    const other = { ...used, basket: basketOf(newOffer(world)) }
    const twice = asked[3]
    if (!twice) throw new Error('there is no request')
    const found = await outcomes([other, ...asked, twice])
    expect(found.slice(0, TOGETHER).with(4, 'CONFIRMED')).toEqual(
      all('CONFIRMED').with(0, 'idempotency-key-reused'),
    )
    const ofTwice = [found[4], found[TOGETHER]]
    expect(ofTwice).toContain('CONFIRMED')
    // The other is asked to wait, or hears of the same order if that was quicker.
    for (const one of ofTwice) expect(one).toMatch(/^(CONFIRMED|idempotency-key-in-use)$/)
    const kept = await read(world.database, (connection) =>
      connection.select().from(orders).where(eq(orders.buyerId, twice.buyer.userId)),
    )
    expect(kept).toHaveLength(1)
  })

  test('of one buyer are no more than they may leave unpaid', async () => {
    const buyer = newSession()
    const limit = 3
    const deps = { ...world.deps, config: { ...world.deps.config, unpaidOrdersMax: limit } }
    const asked = requests().map((request, index) => (index % 2 === 0 ? { ...request, buyer } : request))
    const settled = await Promise.allSettled(asked.map((request) => placeOrder(deps, request)))
    const refused = settled.flatMap((one, index) =>
      one.status === 'rejected' ? [{ index, code: one.reason.code }] : [],
    )
    expect(refused).toHaveLength(TOGETHER / 2 - limit)
    expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['too-many-unpaid-orders']))
    expect(refused.every(({ index }) => index % 2 === 0)).toBe(true)
    // A refusal keeps nothing, so the same key may be used when there is room again.
    const { index } = refused[0] ?? { index: -1 }
    const again = asked[index]
    if (!again) throw new Error('nothing was refused')
    expect((await placeOrder(deps, again)).body.status).toBe('CONFIRMED')
  })

  test('are confirmed or not each for itself when some are cancelled meanwhile', async () => {
    const asked = requests()
    const gone = asked[7]?.buyer.userId ?? ''
    onceAllHold(() =>
      inTransaction(world.database, (tx) =>
        tx.update(orders).set({ status: 'CANCELLED' }).where(eq(orders.buyerId, gone)),
      ),
    )
    expect(await outcomes(asked)).toEqual(all('CONFIRMED').with(7, 'CANCELLED'))
  })

  test('are stored without waiting for one whose key somebody else is just claiming', async () => {
    const [held, ...others] = requests()
    if (!held) throw new Error('there is no request')
    const { buyer, key, basket } = held
    const keyed = { ownerId: buyer.userId, operation: 'placeOrder', key, request: basket }
    const letGo = await holdRows(world.database, (tx) => claimKey(tx, keyed))
    const waiting = outcomes([held])
    expect(await outcomes(others)).toEqual(all('CONFIRMED').slice(1))
    await letGo()
    expect(await waiting).toEqual(['CONFIRMED'])
  })

  test('are confirmed without waiting for one that somebody else holds', async () => {
    const [held, ...others] = requests()
    if (!held) throw new Error('there is no request')
    const letGo = Promise.withResolvers<() => Promise<void>>()
    onceAllHold(async () => {
      letGo.resolve(
        await holdRows(world.database, (tx) =>
          tx.select().from(orders).where(eq(orders.buyerId, held.buyer.userId)).for('update'),
        ),
      )
    })
    const waiting = outcomes([held])
    expect(await outcomes(others)).toEqual(all('CONFIRMED').slice(1))
    await (await letGo.promise)()
    expect(await waiting).toEqual(['CONFIRMED'])
  })

  test('are confirmed but for one whose payment was declined in between, which fails alone', async () => {
    const asked = requests()
    onceAllHold(() =>
      inTransaction(world.database, (tx) => {
        const ofBuyer = tx
          .select({ id: orders.id })
          .from(orders)
          .where(eq(orders.buyerId, asked[11]?.buyer.userId ?? ''))
        return tx.update(payments).set({ status: 'DECLINED' }).where(inArray(payments.orderId, ofBuyer))
      }),
    )
    expect(await outcomes(asked)).toEqual(all('CONFIRMED').with(11, 'authorised-was-pending'))
  })
})
