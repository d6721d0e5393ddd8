import { describe, expect, test } from 'bun:test'
import { newId } from '@bazaar/shared/database/columns'
import { read } from '@bazaar/shared/database/database'
import { refusal } from '@bazaar/shared/testing/refusal'
import { eq } from 'drizzle-orm'
import { stockMovements } from '../../src/tables.ts'
import { lineOf, openWorld } from '../world.ts'

const world = await openWorld()
const seller = await world.seller()

describe('PUT /reservations/{orderId}', () => {
  test('sets aside all lines, and says until when', async () => {
    const [kettle, lamp] = [await world.offer(seller), await world.offer(seller, { stockCount: 3 })]
    const orderId = newId()
    const lines = [lineOf(kettle, 4), lineOf(lamp, 3)]
    const { body } = await world.orders.placeReservation({ params: { orderId }, body: { lines } })

    expect(body).toMatchObject({ orderId, status: 'HELD' })
    expect(body.lines.toSorted((one, other) => (one.productId < other.productId ? -1 : 1))).toEqual([
      { productId: kettle.id, quantity: 4 },
      { productId: lamp.id, quantity: 3 },
    ])
    const heldSeconds = (Date.parse(body.expiresAt ?? '') - Date.now()) / 1000
    expect(heldSeconds).toBeGreaterThan(890)
    expect(heldSeconds).toBeLessThan(910)
    expect([await world.stockOf(kettle.id), await world.stockOf(lamp.id)]).toEqual([6, 0])
  })

  test('writes one line into the ledger of each product', async () => {
    const kettle = await world.offer(seller)
    const orderId = newId()
    await world.orders.placeReservation({ params: { orderId }, body: { lines: [lineOf(kettle, 4)] } })
    const ledger = await read(world.database, (connection) =>
      connection.select().from(stockMovements).where(eq(stockMovements.productId, kettle.id)),
    )
    expect(ledger.map(({ at: _, ...line }) => line)).toEqual([
      {
        productId: kettle.id,
        sequence: 1,
        delta: 10,
        reason: 'INITIAL',
        sourceId: kettle.id,
        stockAfter: 10,
      },
      { productId: kettle.id, sequence: 2, delta: -4, reason: 'RESERVED', sourceId: orderId, stockAfter: 6 },
    ])
  })

  test('gives the same order the same answer, and takes its stock once', async () => {
    const kettle = await world.offer(seller)
    const input = { params: { orderId: newId() }, body: { lines: [lineOf(kettle, 4)] } }
    const first = await world.orders.placeReservation(input)
    const again = await world.orders.placeReservation(input)
    expect(again.body).toEqual(first.body)
    expect(await world.stockOf(kettle.id)).toBe(6)
  })

  test('gives the same answer also when the price has changed since', async () => {
    const kettle = await world.offer(seller)
    const input = { params: { orderId: newId() }, body: { lines: [lineOf(kettle)] } }
    const first = await world.orders.placeReservation(input)
    await world.client.changeProduct({
      session: seller.session,
      params: { productId: kettle.id },
      ifMatch: '"1"',
      body: { priceMinor: 9_999 },
    })
    expect((await world.orders.placeReservation(input)).body).toEqual(first.body)
  })

  test('gives the same answer also when nothing is left since', async () => {
    const kettle = await world.offer(seller, { stockCount: 4 })
    const input = { params: { orderId: newId() }, body: { lines: [lineOf(kettle, 4)] } }
    const first = await world.orders.placeReservation(input)
    expect((await world.orders.placeReservation(input)).body).toEqual(first.body)
    expect(await world.stockOf(kettle.id)).toBe(0)
  })

  test('refuses other lines for the same order', async () => {
    const kettle = await world.offer(seller)
    const params = { orderId: newId() }
    await world.orders.placeReservation({ params, body: { lines: [lineOf(kettle, 4)] } })
    const problem = await refusal(
      world.orders.placeReservation({ params, body: { lines: [lineOf(kettle, 5)] } }),
    )
    expect(problem).toMatchObject({ status: 409, code: 'reservation-mismatch' })
    expect(await world.stockOf(kettle.id)).toBe(6)
  })

  test('takes nothing when one line is short, and names it without saying how much there is', async () => {
    const [kettle, lamp] = [await world.offer(seller), await world.offer(seller, { stockCount: 2 })]
    const orderId = newId()
    const problem = await refusal(
      world.orders.placeReservation({
        params: { orderId },
        body: { lines: [lineOf(kettle, 4), lineOf(lamp, 3)] },
      }),
    )
    expect(problem).toMatchObject({ status: 409, code: 'out-of-stock' })
    expect(problem.members['productIds']).toEqual([lamp.id])
    expect(Object.keys(problem.members).toSorted()).toEqual(
      ['code', 'detail', 'instance', 'productIds', 'status', 'title', 'type'].toSorted(),
    )
    expect([await world.stockOf(kettle.id), await world.stockOf(lamp.id)]).toEqual([10, 2])
    expect((await refusal(world.orders.readReservation({ params: { orderId } }))).code).toBe('not-found')
  })

  test('can be asked again after it was out of stock', async () => {
    const kettle = await world.offer(seller, { stockCount: 0 })
    const input = { params: { orderId: newId() }, body: { lines: [lineOf(kettle)] } }
    expect((await refusal(world.orders.placeReservation(input))).code).toBe('out-of-stock')
    await world.client.adjustStock({
      session: seller.session,
      params: { productId: kettle.id },
      idempotencyKey: newId(),
      body: { delta: 1, reason: 'RESTOCK' },
    })
    expect((await world.orders.placeReservation(input)).body.status).toBe('HELD')
  })

  test('refuses what is archived or unknown', async () => {
    const kettle = await world.offer(seller)
    const { session } = seller
    await world.client.archiveProduct({ session, params: { productId: kettle.id } })
    const unknown = newId()
    const problem = await refusal(
      world.orders.placeReservation({
        params: { orderId: newId() },
        body: { lines: [lineOf(kettle), { ...lineOf(kettle), productId: unknown }] },
      }),
    )
    expect(problem).toMatchObject({ status: 409, code: 'product-gone' })
    expect(problem.members['productIds']).toEqual([kettle.id, unknown])
  })

  for (const [name, promise] of [
    ['price', { unitPriceMinor: 1 }],
    ['currency', { currency: 'USD' }],
  ] as const) {
    test(`refuses another ${name} than the product has now`, async () => {
      const kettle = await world.offer(seller)
      const problem = await refusal(
        world.orders.placeReservation({
          params: { orderId: newId() },
          body: { lines: [{ ...lineOf(kettle), ...promise }] },
        }),
      )
      expect(problem).toMatchObject({ status: 409, code: 'price-changed' })
      expect(problem.members['productIds']).toEqual([kettle.id])
    })
  }

  test('refuses a product that is named twice', async () => {
    const kettle = await world.offer(seller)
    const problem = await refusal(
      world.orders.placeReservation({
        params: { orderId: newId() },
        body: { lines: [lineOf(kettle, 6), lineOf(kettle, 6)] },
      }),
    )
    expect(problem).toMatchObject({ status: 422, code: 'duplicate-product' })
    expect(await world.stockOf(kettle.id)).toBe(10)
  })

  test('refuses quantities and numbers of lines that make no sense', async () => {
    const kettle = await world.offer(seller)
    const many = Array.from({ length: 51 }, () => ({ ...lineOf(kettle), productId: newId() }))
    for (const lines of [[], many, [lineOf(kettle, 0)], [lineOf(kettle, 1_001)], [lineOf(kettle, 1.5)]]) {
      const problem = await refusal(
        world.orders.placeReservation({ params: { orderId: newId() }, body: { lines } }),
      )
      expect(problem).toMatchObject({ status: 422, code: 'validation-failed' })
    }
  })

  test('is not for people, nor for callers without a key', async () => {
    const kettle = await world.offer(seller)
    for (const headers of [
      {},
      { session: seller.session },
      { 'x-api-key': `bzk_test_0123456789abcdef_${'A'.repeat(43)}` },
    ]) {
      const answer = await fetch(`${world.url}/reservations/${newId()}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ lines: [lineOf(kettle)] }),
      })
      expect(answer.status).toBe(401)
    }
    const answer = await fetch(`${world.url}/reservations/${newId()}`, {
      headers: { 'x-api-key': world.bootstrapKey },
    })
    expect(answer.status).toBe(403)
  })
})

describe('GET /offers', () => {
  test('says what an order needs to know, and leaves out what does not exist', async () => {
    const [kettle, lamp] = [await world.offer(seller), await world.offer(seller, { name: 'Lamp' })]
    await world.client.archiveProduct({ session: seller.session, params: { productId: lamp.id } })
    const { body } = await world.orders.listOffers({
      query: { productIds: [lamp.id, newId(), kettle.id, kettle.id].join(',') },
    })
    const { sellerId, priceMinor, currency } = kettle
    expect(body.items).toHaveLength(2)
    expect(body.items).toContainEqual({
      productId: kettle.id,
      sellerId,
      name: 'Blue enamel kettle',
      priceMinor,
      currency,
      status: 'LISTED',
    })
    expect(body.items).toContainEqual({
      productId: lamp.id,
      sellerId,
      name: 'Lamp',
      priceMinor,
      currency,
      status: 'ARCHIVED',
    })
  })
})

describe('GET /reservations', () => {
  const listed = async (query: { orderIds?: string; afterOrderId?: string; limit?: string }) =>
    (await world.orders.listReservations({ query })).body.items.map(({ orderId }) => orderId)

  test('shows those of some orders, or of all page by page, in the order of their ids', async () => {
    const kettle = await world.offer(seller, { stockCount: 5 })
    const orderIds = Array.from({ length: 5 }, () => newId())
    for (const orderId of orderIds.toReversed())
      await world.orders.placeReservation({ params: { orderId }, body: { lines: [lineOf(kettle, 1)] } })
    const [first = '', second = '', ...others] = orderIds

    expect(await listed({ orderIds: [second, newId(), first, second].join(',') })).toEqual([first, second])
    expect(await listed({ orderIds: orderIds.join(','), afterOrderId: first, limit: '1' })).toEqual([second])
    expect(await listed({ afterOrderId: second, limit: '2' })).toEqual(others.slice(0, 2))
    expect(await listed({ afterOrderId: second })).toEqual(others)
    expect(await listed({ afterOrderId: newId() })).toEqual([])
    expect((await listed({})).slice(-5)).toEqual(orderIds)
  })
})
