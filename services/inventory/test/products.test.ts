import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { newId } from '@bazaar/shared/columns'
import { read } from '@bazaar/shared/database'
import { refusal } from '@bazaar/shared/testing'
import { eq } from 'drizzle-orm'
import type { NewProduct } from '../src/create-product.ts'
import { products, stockMovements } from '../src/tables.ts'
import { faultsInBooks } from './books.ts'
import { lineOf, type Person, startWorld, type World } from './world.ts'

setDefaultTimeout(30_000)

let world: World
let seller: Person
let stranger: Person

beforeAll(async () => {
  world = await startWorld()
  seller = await world.seller()
  stranger = await world.seller()
})
afterAll(async () => {
  expect(await faultsInBooks(world.database)).toEqual([])
  await world.close()
})

const kettle: NewProduct = {
  name: 'Kettle “Älva” 🫖 <b>',
  description: 'Two lines,\nwith a tab\tand 100% steel; DROP TABLE products',
  category: 'kitchen',
  priceMinor: 2_499,
  currency: 'EUR',
  properties: { colour: 'blue', 'Capacity in l': '1.5' },
  stockCount: 10,
}

/** Offers something that the schemas would not let through, as a stranger to our client would. */
async function offerRaw(body: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(`${world.url}/products`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      session: seller.session,
      'idempotency-key': newId(),
      ...headers,
    },
    body: JSON.stringify(body),
  })
  const problem: { code?: unknown; errors?: unknown } = await answer.json()
  return { status: answer.status, code: problem.code, errors: problem.errors }
}

describe('POST /products', () => {
  test('offers a product, as it was described', async () => {
    const { status, body, headers } = await world.client.createProduct({
      session: seller.session,
      idempotencyKey: newId(),
      body: kettle,
    })
    expect(status).toBe(201)
    expect(body).toMatchObject({
      ...kettle,
      sellerId: seller.userId,
      inStock: true,
      imageUrl: null,
      images: [],
      status: 'LISTED',
      version: 1,
    })
    expect(headers.get('location')).toBe(`/products/${body.id}`)
    expect((await world.client.readProduct({ params: { productId: body.id } })).body).toEqual(body)
  })

  test('begins the ledger with what there is', async () => {
    const { id } = await world.offer(seller, { stockCount: 0 })
    const ledger = await read(world.database, (connection) =>
      connection.select().from(stockMovements).where(eq(stockMovements.productId, id)),
    )
    expect(ledger).toMatchObject([{ sequence: 1, delta: 0, stockAfter: 0, reason: 'INITIAL' }])
  })

  test('makes one product per key, also of twenty requests at once', async () => {
    const input = { session: seller.session, idempotencyKey: newId(), body: kettle }
    const answers = await Promise.all(Array.from({ length: 20 }, () => world.client.createProduct(input)))
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === 'true')).toHaveLength(19)
    const other = { ...input, body: { ...kettle, priceMinor: 1 } }
    expect(await refusal(world.client.createProduct(other))).toMatchObject({
      status: 422,
      code: 'idempotency-key-reused',
    })
    const elsewhere = await world.client.createProduct({ ...input, session: stranger.session })
    expect(elsewhere.body.sellerId).toBe(stranger.userId)
  })

  test('is for sellers', async () => {
    const buyer = await world.buyer()
    expect(await offerRaw(kettle, { session: buyer.session })).toMatchObject({
      status: 403,
      code: 'forbidden',
    })
    expect(await offerRaw(kettle, { session: 'nobody-has-this-session' })).toMatchObject({ status: 401 })
  })

  test('wants an Idempotency-Key', async () => {
    expect(await offerRaw(kettle, { 'idempotency-key': '' })).toMatchObject({ status: 400 })
  })

  const wrong: [name: string, change: Record<string, unknown>, pointer: string][] = [
    ['no price', { priceMinor: undefined }, '/priceMinor'],
    ['a price of 0', { priceMinor: 0 }, '/priceMinor'],
    ['a negative price', { priceMinor: -1 }, '/priceMinor'],
    ['half a cent', { priceMinor: 0.5 }, '/priceMinor'],
    ['a price as text', { priceMinor: '100' }, '/priceMinor'],
    ['a price beyond measure', { priceMinor: 1e15 }, '/priceMinor'],
    ['a currency of nobody', { currency: 'XXX' }, '/currency'],
    ['a currency in lower case', { currency: 'eur' }, '/currency'],
    ['a name of blanks', { name: '   ' }, '/name'],
    ['a name of 121 characters', { name: 'x'.repeat(121) }, '/name'],
    ['a name over two lines', { name: 'a\nb' }, '/name'],
    ['a lone surrogate', { name: '\ud800' }, '/name'],
    ['NUL in the description', { description: 'a\u0000b' }, '/description'],
    ['a category with a blank', { category: 'my kitchen' }, '/category'],
    [
      '31 properties',
      { properties: Object.fromEntries([...Array(31)].map((_, i) => [`p${i}`, 'x'])) },
      '/properties',
    ],
    ['a property that is a number', { properties: { size: 1 } }, '/properties/size'],
    ['negative stock', { stockCount: -1 }, '/stockCount'],
    ['too much stock', { stockCount: 1_000_001 }, '/stockCount'],
    ['somebody else as the seller', { sellerId: newId() }, '/sellerId'],
    ['a status', { status: 'LISTED' }, '/status'],
  ]
  for (const [name, change, pointer] of wrong) {
    test(`refuses ${name}`, async () => {
      const { status, errors } = await offerRaw({ ...kettle, ...change })
      expect(status).toBe(422)
      expect(errors).toMatchObject([{ pointer }])
    })
  }
})

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

  test('lets one of ten writers win who saw the same version', async () => {
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
      ['*', 400],
      ['W/"1"', 400],
      ['"1", "2"', 400],
      ['"99"', 412],
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
  test('show all his products, archived ones too, page by page', async () => {
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

describe('a refused request', () => {
  test('leaves no trace', async () => {
    const count = () => read(world.database, (connection) => connection.$count(products))
    const before = await count()
    await offerRaw({ ...kettle, priceMinor: 0 })
    await offerRaw({ ...kettle, currency: 'XXX' })
    expect(await count()).toBe(before)
  })
})
