import { beforeEach, describe, expect, test } from 'bun:test'
import type { Session } from '@bazaar/shared/auth/admission'
import { newId } from '@bazaar/shared/database/columns'
import { inTransaction } from '@bazaar/shared/database/database'
import { eq } from 'drizzle-orm'
import { placeOrder } from '../src/placing/place-order.ts'
import { orders } from '../src/tables.ts'
import { openServedWorld } from './http-world.ts'
import { basketOf, newOffer } from './world.ts'

/* What a list of orders is narrowed to, and where its next page begins: what was meant counts, not how it was written. */

let buyer: Session
const { world, http } = await openServedWorld()
beforeEach(() => {
  buyer = http.login('BUYER')
})

/** Places an order at this moment. */
async function placeAt(moment: string): Promise<string> {
  const { body } = await placeOrder(world.deps, { buyer, key: newId(), basket: basketOf(newOffer(world)) })
  const placedAt = new Date(moment)
  await inTransaction(world.database, (tx) =>
    tx.update(orders).set({ placedAt }).where(eq(orders.id, body.id)),
  )
  return body.id
}

/** Asks for the list with the query as it is written. */
async function ask(query: string, session = buyer) {
  const response = await fetch(`${http.url}/orders?${query}`, { headers: { session: session.token } })
  const body: unknown = await response.json()
  const items: unknown = Reflect.get(Object(body), 'items')
  const ids = Array.isArray(items) ? items.map((item) => String(Reflect.get(Object(item), 'id'))) : []
  return { status: response.status, ids, body: Object(body), next: String(Reflect.get(Object(body), 'next')) }
}

describe('A cursor of GET /orders', () => {
  const FIRST = 'status=CONFIRMED&placedFrom=2026-01-01T00:00:00Z&limit=1'
  const same = [
    'status=CONFIRMED&placedFrom=2026-01-01T00:00:00Z&limit=1',
    'placedFrom=2026-01-01T00:00:00Z&status=CONFIRMED&limit=1',
    'limit=1&status=CONFIRMED&placedFrom=2026-01-01T00:00:00.000Z',
    'limit=1&status=CONFIRMED&placedFrom=2026-01-01t00:00:00z',
    'limit=1&status=CONFIRMED&placedFrom=2026-01-01T00:00:00-00:00',
    'limit=1&status=CONFIRMED&placedFrom=2026-01-01T05:30:00%2B05:30',
    'limit=1&status=CONFIRMED&placedFrom=2025-12-31T23:59:59.999001Z',
    'limit=5&status=CONFIRMED&placedFrom=2026-01-01T00:00:00Z',
  ]
  for (const query of same)
    test(`is good for the same list as ${query}`, async () => {
      const oldest = await placeAt('2026-03-01T00:00:00Z')
      await placeAt('2026-03-02T00:00:00Z')
      const { next } = await ask(FIRST)
      expect(await ask(`${query}&cursor=${next}`)).toMatchObject({ status: 200, ids: [oldest] })
    })

  const others = ['limit=1', 'status=CANCELLED', 'status=CONFIRMED&placedFrom=2026-01-01T00:00:00.001Z']
  for (const query of others)
    test(`is refused for another list, ${query}`, async () => {
      await placeAt('2026-03-01T00:00:00Z')
      await placeAt('2026-03-02T00:00:00Z')
      const { next } = await ask(FIRST)
      expect((await ask(`${query}&cursor=${next}`)).status).toBe(422)
    })

  test('is refused for another buyer', async () => {
    await placeAt('2026-03-01T00:00:00Z')
    await placeAt('2026-03-02T00:00:00Z')
    const { next } = await ask(FIRST)
    expect((await ask(`${FIRST}&cursor=${next}`, http.login('BUYER'))).status).toBe(422)
  })
})

describe('Of an order placed at 52.996 seconds', () => {
  const rows: [string, boolean][] = [
    ['placedFrom=2026-03-01T00:00:52.996Z', true],
    ['placedFrom=2026-03-01T00:00:52.996000Z', true],
    ['placedFrom=2026-03-01T00:00:52.996001Z', false],
    ['placedFrom=2026-03-01T00:00:52.996999Z', false],
    ['placedFrom=2026-03-01T00:00:52.995999Z', true],
    ['placedFrom=2026-03-01T00:00:52.9960000Z', true],
    ['placedFrom=2026-03-01T00:00:52.996000001Z', false],
    ['placedBefore=2026-03-01T00:00:52.996Z', false],
    ['placedBefore=2026-03-01T00:00:52.996001Z', true],
    ['placedBefore=2026-03-01T00:00:52.996999Z', true],
    ['placedBefore=2026-03-01T00:00:52.995999Z', false],
    ['placedFrom=2026-03-01T01:00:52.996%2B01:00', true],
    ['placedFrom=2026-03-01T01:00:52.997%2B01:00', false],
    ['placedBefore=2026-02-28T16:00:52.997-08:00', true],
    ['placedBefore=9999-12-31T23:59:59.9999Z', true],
    ['placedBefore=9999-12-31T23:59:59-23:59', true],
    ['placedFrom=0000-01-01T00:00:00%2B23:59', true],
  ]
  for (const [query, shown] of rows)
    test(`${query} ${shown ? 'shows it' : 'leaves it out'}`, async () => {
      const id = await placeAt('2026-03-01T00:00:52.996Z')
      expect(await ask(query)).toMatchObject({ status: 200, ids: shown ? [id] : [] })
    })
})

describe('GET /orders refuses', () => {
  const moments = [
    'placedFrom=2026-02-30T00:00:00Z',
    'placedFrom=2025-02-29T00:00:00Z',
    'placedBefore=2026-11-29T24:00:00Z',
    'placedFrom=2026-13-01T00:00:00Z',
    'placedFrom=2026-01-01T00:00:00',
    'placedFrom=2026-01-01T00:00:00%2B24:00',
    'placedFrom=2026-01-01T00:00:00%2B0100',
  ]
  for (const query of moments)
    test(`what is no moment: ${query}`, async () => expect((await ask(query)).status).toBe(422))

  test('a range that ends before it begins', async () => {
    const query = 'placedFrom=2026-03-02T00:00:00Z&placedBefore=2026-03-01T00:00:00Z'
    const { status, body } = await ask(query)
    expect([status, body.errors]).toEqual([422, [{ pointer: '/query/placedFrom', code: 'maximum' }]])
  })
})
