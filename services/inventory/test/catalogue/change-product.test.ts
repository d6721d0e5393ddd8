import { describe, expect, test } from 'bun:test'
import { newId } from '@bazaar/shared/database/columns'
import { refusal } from '@bazaar/shared/testing/refusal'
import type { NewProduct } from '../../src/catalogue/create-product.ts'
import { openWorld } from '../world.ts'

const world = await openWorld()
const seller = await world.seller()
const stranger = await world.seller()

const kettle: NewProduct = {
  name: 'Kettle “Älva” 🫖 <b>',
  description: 'Two lines,\nwith a tab\tand 100% steel; DROP TABLE products',
  category: 'kitchen',
  priceMinor: 2_499,
  currency: 'EUR',
  properties: { colour: 'blue', 'Capacity in l': '1.5' },
  stockCount: 10,
}

describe('PATCH /products/{productId}', () => {
  test('changes what is given, and nothing else', async () => {
    const before = await world.offer(seller, kettle)
    const { body, headers } = await world.client.changeProduct({
      session: seller.session,
      params: { productId: before.id },
      ifMatch: '"1"',
      body: { priceMinor: 1_999, properties: { colour: 'red' } },
    })
    expect(body).toEqual({
      ...before,
      priceMinor: 1_999,
      properties: { colour: 'red' },
      version: 2,
      changedAt: body.changedAt,
    })
    expect(headers.get('etag')).toMatch(/^"2-[0-9a-f]+"$/)
  })

  test('takes the ETag that reading gave, and refuses it once it is stale', async () => {
    const { id: productId } = await world.offer(seller)
    const etag = (await world.client.readProduct({ params: { productId } })).headers.get('etag') ?? ''
    const input = { session: seller.session, params: { productId }, ifMatch: etag, body: { name: 'A' } }
    expect((await world.client.changeProduct(input)).body.version).toBe(2)
    expect(await refusal(world.client.changeProduct(input))).toMatchObject({
      status: 412,
      code: 'precondition-failed',
    })
  })

  test('lets one of ten writers win that saw the same version', async () => {
    const { id: productId } = await world.offer(seller)
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) =>
        world.client.changeProduct({
          session: seller.session,
          params: { productId },
          ifMatch: '"1"',
          body: { priceMinor: 100 + index },
        }),
      ),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('changes nothing when nothing is given', async () => {
    const { id: productId } = await world.offer(seller)
    const input = { session: seller.session, params: { productId }, ifMatch: '"1"', body: {} }
    expect((await world.client.changeProduct(input)).body.version).toBe(1)
  })

  test('asks for the version', async () => {
    const { id } = await world.offer(seller)
    for (const [ifMatch, status] of [
      [undefined, 428],
      ['1', 400],
      ['W/"1"', 412],
      ['"99"', 412],
      ['"9", "of-others"', 412],
      ['"9", "1"', 200],
      ['*', 200],
    ] as const) {
      const answer = await fetch(`${world.url}/products/${id}`, {
        method: 'PATCH',
        headers: {
          'content-type': 'application/json',
          session: seller.session,
          ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
        },
        body: '{}',
      })
      expect(answer.status).toBe(status)
    }
  })

  test('refuses an archived product, and a currency of nobody', async () => {
    const { id: productId } = await world.offer(seller)
    const { session } = seller
    const change = { session, params: { productId }, ifMatch: '"1"', body: { currency: 'XAU' } }
    expect(await refusal(world.client.changeProduct(change))).toMatchObject({ code: 'unknown-currency' })
    await world.client.archiveProduct({ session, params: { productId } })
    const late = { ...change, ifMatch: '"2"', body: { name: 'B' } }
    expect(await refusal(world.client.changeProduct(late))).toMatchObject({
      status: 409,
      code: 'product-archived',
    })
  })
})

describe('POST /products/{productId}/relist', () => {
  test('puts an archived product on the market again, repeatably, and it can be changed', async () => {
    const before = await world.offer(seller)
    const call = { session: seller.session, params: { productId: before.id } }
    await world.client.archiveProduct(call)
    const { body, headers } = await world.client.relistProduct(call)
    expect(body).toEqual({ ...before, version: 3, changedAt: body.changedAt })
    expect((await world.client.relistProduct(call)).body).toEqual(body)
    const { body: list } = await world.client.listProducts({ query: { sellerId: seller.userId, limit: '1' } })
    expect(list.items.map(({ id }) => id)).toEqual([before.id])
    const change = { ...call, ifMatch: headers.get('etag') ?? '', body: { name: 'Back' } }
    expect((await world.client.changeProduct(change)).body.name).toBe('Back')
  })

  test('is refused to a seller that has not seen the latest version, as archiving is', async () => {
    const { id: productId } = await world.offer(seller)
    const stale = { session: seller.session, params: { productId }, ifMatch: '"9"' }
    for (const act of [world.client.archiveProduct, world.client.relistProduct])
      expect(await refusal(act(stale))).toMatchObject({ status: 412, code: 'precondition-failed' })
    expect((await world.client.archiveProduct({ ...stale, ifMatch: '"9", "1"' })).body.version).toBe(2)
  })
})

describe('what belongs to another seller', () => {
  const picture = new Uint8Array([1])
  const attempts: [name: string, act: (session: string, productId: string) => Promise<unknown>][] = [
    [
      'change',
      (session, productId) =>
        world.client.changeProduct({
          session,
          params: { productId },
          ifMatch: '"1"',
          body: { name: 'Mine' },
        }),
    ],
    ['archive', (session, productId) => world.client.archiveProduct({ session, params: { productId } })],
    ['relist', (session, productId) => world.client.relistProduct({ session, params: { productId } })],
    [
      'adjust the stock of',
      (session, productId) =>
        world.client.adjustStock({
          session,
          params: { productId },
          idempotencyKey: newId(),
          body: { delta: 1, reason: 'RESTOCK' },
        }),
    ],
    [
      'read the ledger of',
      (session, productId) => world.client.listStockMovements({ session, params: { productId } }),
    ],
    [
      'add a picture to',
      (session, productId) =>
        world.client.addImage({ session, params: { productId }, body: picture, contentType: 'image/png' }),
    ],
    [
      'put in order the pictures of',
      (session, productId) =>
        world.client.orderImages({ session, params: { productId }, body: { imageIds: [newId()] } }),
    ],
    [
      'remove a picture from',
      (session, productId) => world.client.deleteImage({ session, params: { productId, imageId: newId() } }),
    ],
  ]
  for (const [name, act] of attempts) {
    test(`cannot be touched: to ${name} it is refused with 403, and to ${name} an unknown one with 404`, async () => {
      const product = await world.offer(seller)
      expect(await refusal(act(stranger.session, product.id))).toMatchObject({
        status: 403,
        code: 'not-your-product',
      })
      expect(await refusal(act(stranger.session, newId()))).toMatchObject({ status: 404, code: 'not-found' })
      const { body } = await world.client.readProduct({ params: { productId: product.id } })
      expect(body).toEqual(product)
    })
  }
})

describe('POST /products/{productId}/archive', () => {
  test('takes a product off the market, repeatably, and it can still be viewed', async () => {
    const { id: productId, sellerId } = await world.offer(seller)
    const { session } = seller
    const first = await world.client.archiveProduct({ session, params: { productId } })
    const again = await world.client.archiveProduct({ session, params: { productId } })
    expect(first.body).toMatchObject({ status: 'ARCHIVED', version: 2 })
    expect(again.body).toEqual(first.body)
    expect((await world.client.readProduct({ params: { productId } })).body.status).toBe('ARCHIVED')
    const { body } = await world.client.listProducts({ query: { sellerId, limit: '100' } })
    expect(body.items.map(({ id }) => id)).not.toContain(productId)
  })
})
