import { describe, expect, test } from 'bun:test'
import { newId } from '@bazaar/shared/database/columns'
import { refusal } from '@bazaar/shared/testing/refusal'
import { lineOf, openWorld } from '../world.ts'

const world = await openWorld()
const seller = await world.seller()
const stranger = await world.seller()

describe('POST /products/{productId}/stock-adjustments', () => {
  const adjust = (productId: string, delta: number, idempotencyKey = newId()) =>
    world.client.adjustStock({
      session: seller.session,
      params: { productId },
      idempotencyKey,
      body: { delta, reason: delta < 0 ? 'LOSS' : 'RESTOCK' },
    })

  test('adds and takes, and says what there is after it', async () => {
    const { id } = await world.offer(seller)
    expect((await adjust(id, 5)).body).toMatchObject({ delta: 5, stockAfter: 15, reason: 'RESTOCK' })
    expect((await adjust(id, -15)).body).toMatchObject({ delta: -15, stockAfter: 0, reason: 'LOSS' })
    const { body } = await world.client.readProduct({ params: { productId: id } })
    expect(body).toMatchObject({ stockCount: 0, inStock: false, version: 1 })
  })

  test('adds once per key', async () => {
    const { id } = await world.offer(seller)
    const key = newId()
    const answers = await Promise.all(Array.from({ length: 10 }, () => adjust(id, 5, key)))
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
    expect(await world.stockOf(id)).toBe(15)
  })

  test('never goes below nothing, and says so again for the same key', async () => {
    const { id } = await world.offer(seller)
    const key = newId()
    for (let time = 0; time < 2; time++) {
      expect(await refusal(adjust(id, -11, key))).toMatchObject({
        status: 409,
        code: 'stock-would-be-negative',
      })
      await adjust(id, 100)
    }
    expect(await world.stockOf(id)).toBe(210)
  })

  test('never goes beyond what can be counted', async () => {
    const { id } = await world.offer(seller, { stockCount: 1_000_000 })
    expect(await refusal(adjust(id, 1))).toMatchObject({ status: 409, code: 'stock-would-be-too-large' })
    expect((await adjust(id, -1)).body.stockAfter).toBe(999_999)
  })

  test('refuses to add nothing', async () => {
    const { id } = await world.offer(seller)
    const problem = await refusal(adjust(id, 0))
    expect(problem).toMatchObject({ status: 422, code: 'validation-failed', errors: [{ pointer: '/delta' }] })
  })
})

describe('the lists of a seller', () => {
  test('show all products of the seller, archived ones too, page by page', async () => {
    const owner = await world.seller()
    const ids: string[] = []
    for (let index = 0; index < 5; index++) ids.unshift((await world.offer(owner)).id)
    await world.client.archiveProduct({ session: owner.session, params: { productId: ids[2] ?? '' } })

    const seen: string[] = []
    let cursor: string | undefined
    do {
      const { body, headers } = await world.client.listOwnProducts({
        session: owner.session,
        query: { limit: '2', ...(cursor === undefined ? {} : { cursor }) },
      })
      seen.push(...body.items.map(({ id }) => id))
      cursor = body.next ?? undefined
      if (cursor) expect(headers.get('link')).toContain(encodeURIComponent(cursor))
      else expect(headers.get('link')).toBeNull()
    } while (cursor)
    expect(seen).toEqual(ids)
  })

  test('cannot be gone through with the cursor of another seller', async () => {
    const owner = await world.seller()
    for (let index = 0; index < 2; index++) await world.offer(owner)
    const { session } = owner
    const { next } = (await world.client.listOwnProducts({ session, query: { limit: '1' } })).body
    const query = { limit: '1', cursor: next ?? '' }
    const other = world.client.listOwnProducts({ session: stranger.session, query })
    expect(await refusal(other)).toMatchObject({ status: 422, errors: [{ pointer: '/query/cursor' }] })
  })

  test('show every movement of stock, the newest first, page by page', async () => {
    const product = await world.offer(seller, { stockCount: 5 })
    const productId = product.id
    await world.orders.placeReservation({
      params: { orderId: newId() },
      body: { lines: [lineOf(product, 2)] },
    })
    const { session } = seller
    const body = { delta: 4, reason: 'CORRECTION' as const }
    await world.client.adjustStock({ session, params: { productId }, idempotencyKey: newId(), body })

    const first = await world.client.listStockMovements({
      session,
      params: { productId },
      query: { limit: '2' },
    })
    expect(first.body.items.map(({ reason, stockAfter }) => [reason, stockAfter])).toEqual([
      ['CORRECTION', 7],
      ['RESERVED', 3],
    ])
    const query = { limit: '2', cursor: first.body.next ?? '' }
    const second = await world.client.listStockMovements({ session, params: { productId }, query })
    expect(second.body.items.map(({ reason, stockAfter }) => [reason, stockAfter])).toEqual([['INITIAL', 5]])
    expect(second.body.next).toBeNull()
  })
})
