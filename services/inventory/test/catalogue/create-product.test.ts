import { describe, expect, test } from 'bun:test'
import { newId } from '@bazaar/shared/database/columns'
import { inTransaction, read } from '@bazaar/shared/database/database'
import { idempotencyKeys } from '@bazaar/shared/database/idempotency-keys'
import { refusal } from '@bazaar/shared/testing/refusal'
import { until } from '@bazaar/shared/testing/until'
import { eq, sql } from 'drizzle-orm'
import type { NewProduct } from '../../src/catalogue/create-product.ts'
import { products, stockMovements } from '../../src/tables.ts'
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

/**
 * Offers something that the schemas would not let through, as a stranger to our client would; again, if a busy machine
 * did not look up the session in time.
 */
async function offerRaw(body: unknown, headers: Record<string, string> = {}) {
  const init = {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      session: seller.session,
      'idempotency-key': newId(),
      ...headers,
    },
    body: JSON.stringify(body),
  }
  const answer = await until('an offer is answered', async () => {
    const given = await fetch(`${world.url}/products`, init)
    return given.status === 503 ? undefined : given
  })
  const problem: { code?: unknown; errors?: unknown } = await answer.json()
  return { status: answer.status, code: problem.code, errors: problem.errors }
}

describe('POST /products', () => {
  test('gives an answer again as it was kept, also by a release whose products had other members', async () => {
    const idempotencyKey = newId()
    const request = { session: seller.session, idempotencyKey, body: kettle }
    const { status, body } = await world.client.createProduct(request)
    const { inStock: _, ...fewer } = body
    const kept = { ...fewer, wattage: 2_200 }
    await inTransaction(world.database, (tx) =>
      tx
        .update(idempotencyKeys)
        .set({
          answer: sql`replace(${idempotencyKeys.answer}, ${JSON.stringify(body)}, ${JSON.stringify(kept)})`,
        })
        .where(eq(idempotencyKeys.ownerId, seller.userId)),
    )
    const again = await fetch(`${world.url}/products`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        session: seller.session,
        'idempotency-key': idempotencyKey,
      },
      body: JSON.stringify(kettle),
    })
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([status, 'true'])
    expect(await again.json()).toEqual(kept)
  })

  test('offers a product with 120 emoji for a name, and refuses one with 121', async () => {
    const body = { ...kettle, name: '🫖'.repeat(120), properties: { ['🫖'.repeat(40)]: '🫖'.repeat(200) } }
    const offered = await world.client.createProduct({
      session: seller.session,
      idempotencyKey: newId(),
      body,
    })
    const params = { productId: offered.body.id }
    expect((await world.client.readProduct({ params })).body).toMatchObject(body)
    expect(await offerRaw({ ...kettle, name: '🫖'.repeat(121) })).toMatchObject({
      status: 422,
      errors: [{ pointer: '/name', code: 'max-length', limit: 120 }],
    })
  })

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

  test('takes a description with sizes, and the numbers of articles', async () => {
    const description = 'Sizes 41 42 43 44 45 46 47 48, EAN 4006381333924, call +4915112345678'
    expect((await world.offer(seller, { description })).description).toBe(description)
  })

  test('takes names of properties in any script, and gives them back', async () => {
    const properties = { Größe: 'L', цвет: 'синий', 材質: '木', 'אורך בס״מ': '40', 'Wash at (°C)': '30' }
    expect((await world.offer(seller, { properties })).properties).toEqual(properties)
  })

  test('takes blanks off the ends of a name', async () => {
    expect((await world.offer(seller, { name: '  Two blanks\u00a0' })).name).toBe('Two blanks')
  })

  const wrong: [name: string, change: Record<string, unknown>, pointer: string][] = [
    ['the number of a card in the description', { description: 'Pay 4111 1111 1111 1111' }, '/description'],
    ['the number of a card as a property', { properties: { pay: '4111111111111111' } }, '/properties/pay'],
    [
      'the number of a card as the name of a property',
      { properties: { '4111111111111111': 'x' } },
      '/properties',
    ],
    [
      'a property with a name of 41 emoji',
      { properties: { ['🫖'.repeat(41)]: 'x' } },
      `/properties/${'🫖'.repeat(41)}`,
    ],
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
    ['a name that nobody sees', { name: '\u200b\u3164' }, '/name'],
    ['a name that turns the direction', { name: '\u202egnp' }, '/name'],
    ['a property whose name nobody sees', { properties: { '\u200b': 'L' } }, '/properties/\u200b'],
    ['a property whose name begins with a blank', { properties: { ' size': 'L' } }, '/properties/ size'],
    ['a property with a value that nobody sees', { properties: { size: '\u2060' } }, '/properties/size'],
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

describe('a refused request', () => {
  test('leaves no trace', async () => {
    const count = () => read(world.database, (connection) => connection.$count(products))
    const before = await count()
    await offerRaw({ ...kettle, priceMinor: 0 })
    await offerRaw({ ...kettle, currency: 'XXX' })
    expect(await count()).toBe(before)
  })
})
