import { describe, expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import { inventory, newKey, newPerson, newProduct, refusal, stockOf, urls } from './world.ts'

describe('the home page', () => {
  test('can be viewed without logging in, with its pictures', async () => {
    const seller = await newPerson('SELLER')
    const productId = await newProduct(seller, { name: 'Seen at once', stockCount: 3 })
    await inventory.addImage({
      session: seller.session,
      params: { productId },
      body: picture(),
      contentType: 'image/png',
    })

    const { body: page, headers } = await inventory.readHomePage({})
    expect(page.newest.map((card) => card.id)).toContain(productId)
    expect(page.almostGone.length).toBeGreaterThan(0)
    expect(page.categories.map((one) => one.category)).toContain('kitchen')
    const card = page.newest.find((one) => one.id === productId)
    const image = await fetch(new URL(card?.imageUrl ?? '', urls.inventory))
    expect(image.status).toBe(200)
    expect(image.headers.get('content-type')).toMatch(/^image\//)
    expect(image.headers.get('cache-control')).toContain('immutable')

    const again = await fetch(`${urls.inventory}/home`, {
      headers: { 'if-none-match': headers.get('etag') ?? '' },
    })
    expect([200, 304]).toContain(again.status)
  })
})

describe('a seller', () => {
  test('adds a picture by the form of a page, and of curl -F; a form without a session is not read', async () => {
    const seller = await newPerson('SELLER')
    const productId = await newProduct(seller, { name: 'Seen in a form', stockCount: 3 })
    const url = `${urls.inventory}/products/${productId}/images`
    const form = new FormData()
    form.append('file', new File([picture(1)], 'kettle.png'))
    const headers = { session: seller.session }
    expect((await fetch(url, { method: 'POST', headers, body: form })).status).toBe(201)

    const file = join(tmpdir(), `bazaar-${productId}.png`)
    writeFileSync(file, picture(2))
    const words = [
      '--silent',
      '--noproxy',
      '*',
      '--header',
      `SESSION: ${seller.session}`,
      '--form',
      `file=@${file}`,
      url,
    ]
    expect(JSON.parse(spawnSync('curl', words, { encoding: 'utf8' }).stdout)).toMatchObject({
      widthPixels: 32,
    })
    const { body: seen } = await inventory.readProduct({ params: { productId } })
    expect(seen.images).toHaveLength(2)

    const noForm = { 'content-type': 'multipart/form-data' }
    const strange = await fetch(url, { method: 'POST', headers: noForm, body: 'no form at all' })
    expect(strange.status).toBe(401)
    const text = new File(['<svg/>'], 'kettle.png', { type: 'image/png' })
    form.set('file', text)
    const refused = await fetch(url, { method: 'POST', headers, body: form })
    expect(await refused.json()).toMatchObject({ status: 415, code: 'not-an-image' })
  })

  test('offers a product, adds pictures and changes it', async () => {
    const seller = await newPerson('SELLER')
    const { status, body: made } = await inventory.createProduct({
      session: seller.session,
      idempotencyKey: newKey(),
      body: {
        name: 'Blue teapot',
        description: 'Holds a litre.\nMade in small numbers.',
        category: 'kitchen',
        priceMinor: 4_900,
        currency: 'EUR',
        stockCount: 7,
        properties: { colour: 'blue', volume: '1 l' },
      },
    })
    expect(status).toBe(201)
    expect(made).toMatchObject({
      sellerId: seller.id,
      inStock: true,
      stockCount: 7,
      properties: { colour: 'blue', volume: '1 l' },
      version: 1,
    })

    const params = { productId: made.id }
    const { session } = seller
    for (let count = 1; count <= 3; count++) {
      const { body: image } = await inventory.addImage({
        session,
        params,
        body: picture(count),
        contentType: 'image/png',
      })
      expect(image).toMatchObject({ widthPixels: 32, heightPixels: 32 })
    }
    const { body: seen } = await inventory.readProduct({ params })
    expect(seen.images).toHaveLength(3)
    await inventory.deleteImage({ session, params: { ...params, imageId: seen.images[0]?.id ?? '' } })

    const { headers } = await inventory.readProduct({ params })
    const ifMatch = headers.get('etag') ?? ''
    const { body: changed } = await inventory.changeProduct({
      session,
      params,
      ifMatch,
      body: { priceMinor: 4_500 },
    })
    expect(changed).toMatchObject({ priceMinor: 4_500, name: 'Blue teapot', stockCount: 7 })
    expect(changed.images).toHaveLength(2)
    expect(
      await refusal(inventory.changeProduct({ session, params, ifMatch, body: { priceMinor: 1 } })),
    ).toBe('412 precondition-failed')
  })

  test('may not touch the product of another', async () => {
    const owner = await newPerson('SELLER')
    const { session } = await newPerson('SELLER')
    const params = { productId: await newProduct(owner, { stockCount: 5 }) }
    const { headers } = await inventory.readProduct({ params })
    const ifMatch = headers.get('etag') ?? ''
    const idempotencyKey = newKey()
    const attempts = [
      () => inventory.changeProduct({ session, params, ifMatch, body: { priceMinor: 1 } }),
      () => inventory.archiveProduct({ session, params }),
      () => inventory.adjustStock({ session, params, idempotencyKey, body: { delta: -5, reason: 'LOSS' } }),
      () => inventory.addImage({ session, params, body: picture(), contentType: 'image/png' }),
      () => inventory.listStockMovements({ session, params }),
    ]
    for (const attempt of attempts) expect(await refusal(attempt())).toBe('403 not-your-product')
    expect((await inventory.readProduct({ params })).body).toMatchObject({
      priceMinor: 1_250,
      stockCount: 5,
      status: 'LISTED',
    })
  })

  test('is not a buyer, and neither is nobody', async () => {
    const buyer = await newPerson('BUYER')
    const body = {
      name: 'Mine',
      description: '',
      category: 'kitchen',
      priceMinor: 1,
      currency: 'EUR',
      stockCount: 1,
    }
    expect(
      await refusal(inventory.createProduct({ session: buyer.session, idempotencyKey: newKey(), body })),
    ).toBe('403 forbidden')
    expect(
      await refusal(
        inventory.createProduct({ session: 'nobody-has-this-session', idempotencyKey: newKey(), body }),
      ),
    ).toBe('401 unauthenticated')
  })

  test('repeats a request with its key and has one product, one adjustment', async () => {
    const { session } = await newPerson('SELLER')
    const idempotencyKey = newKey()
    const body = {
      name: 'Once',
      description: '',
      category: 'kitchen',
      priceMinor: 100,
      currency: 'EUR',
      stockCount: 1,
    }
    const first = await inventory.createProduct({ session, idempotencyKey, body })
    const again = await inventory.createProduct({ session, idempotencyKey, body })
    expect(again.body).toEqual(first.body)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect(
      await refusal(inventory.createProduct({ session, idempotencyKey, body: { ...body, priceMinor: 101 } })),
    ).toBe('422 idempotency-key-reused')

    const params = { productId: first.body.id }
    const adjust = {
      session,
      params,
      idempotencyKey: newKey(),
      body: { delta: 4, reason: 'RESTOCK' },
    } as const
    await Promise.all([inventory.adjustStock(adjust), inventory.adjustStock(adjust)])
    expect(await stockOf(params.productId)).toBe(5)
    expect(
      await refusal(
        inventory.adjustStock({ ...adjust, idempotencyKey: newKey(), body: { delta: -6, reason: 'LOSS' } }),
      ),
    ).toBe('409 stock-would-be-negative')
    const { body: movements } = await inventory.listStockMovements({ session, params })
    expect(movements.items.map(({ delta, stockAfter, reason }) => ({ delta, stockAfter, reason }))).toEqual([
      { delta: 4, stockAfter: 5, reason: 'RESTOCK' },
      { delta: 1, stockAfter: 1, reason: 'INITIAL' },
    ])
  })

  test('takes a product off the market: it is found no more, but can still be viewed', async () => {
    const seller = await newPerson('SELLER')
    const params = { productId: await newProduct(seller, { name: 'Last season', stockCount: 1 }) }
    await inventory.archiveProduct({ session: seller.session, params })
    const { body: found } = await inventory.listProducts({ query: { sellerId: seller.id } })
    expect(found.items).toEqual([])
    expect((await inventory.readProduct({ params })).body.status).toBe('ARCHIVED')
    const { body: own } = await inventory.listOwnProducts({ session: seller.session })
    expect(own.items).toHaveLength(1)
  })

  test('cannot upload what is not a picture', async () => {
    const seller = await newPerson('SELLER')
    const params = { productId: await newProduct(seller, { stockCount: 1 }) }
    const upload = (body: Uint8Array<ArrayBuffer>, contentType: string) =>
      inventory.addImage({ session: seller.session, params, body, contentType })
    const text = new TextEncoder().encode(
      '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    )
    expect(await refusal(upload(text, 'image/png'))).toBe('415 not-an-image')
    expect(await refusal(upload(text, 'image/svg+xml'))).toBe('415 unsupported-media-type')
    expect(await refusal(upload(picture().slice(0, 60), 'image/png'))).toBe('415 not-an-image')
    expect(await refusal(upload(new Uint8Array(5 * 1024 * 1024 + 1), 'image/png'))).toBe('413 body-too-large')
  })
})

describe('the catalogue', () => {
  test('is searched, filtered, sorted and read page by page', async () => {
    const seller = await newPerson('SELLER')
    for (const [name, priceMinor, stockCount] of [
      ['Xylo one', 300, 1],
      ['Xylo two', 100, 0],
      ['Xylo three', 200, 5],
    ] as const) {
      await newProduct(seller, { name, priceMinor, stockCount })
    }
    const list = async (query: object) =>
      (await inventory.listProducts({ query: { sellerId: seller.id, ...query } })).body
    const names = async (query: object) => (await list(query)).items.map((card) => card.name)
    expect(await names({ sort: 'price-ascending' })).toEqual(['Xylo two', 'Xylo three', 'Xylo one'])
    expect(await names({ sort: 'price-descending' })).toEqual(['Xylo one', 'Xylo three', 'Xylo two'])
    expect(await names({ sort: 'name' })).toEqual(['Xylo one', 'Xylo three', 'Xylo two'])
    expect(await names({})).toEqual(['Xylo three', 'Xylo two', 'Xylo one'])
    expect(await names({ inStock: 'true', sort: 'name' })).toEqual(['Xylo one', 'Xylo three'])
    expect(await names({ currency: 'EUR', priceMinMinor: '150', priceMaxMinor: '250' })).toEqual([
      'Xylo three',
    ])
    expect(await names({ q: 'three' })).toEqual(['Xylo three'])
    expect(await names({ q: '%' })).toEqual([])

    const first = await list({ sort: 'name', limit: '2' })
    expect(first.items).toHaveLength(2)
    const second = await list({ sort: 'name', limit: '2', cursor: first.next ?? '' })
    expect(second).toMatchObject({ items: [{ name: 'Xylo two' }], next: null })
    expect(await refusal(list({ sort: 'price-ascending', limit: '2', cursor: first.next ?? '' }))).toBe(
      '422 validation-failed',
    )
    expect(await refusal(list({ cursor: 'forged.cursor' }))).toBe('422 validation-failed')
  })
})

/** A PNG of 32 x 32 pixels of one grey. */
function picture(grey = 0x80): Uint8Array<ArrayBuffer> {
  const side = 32
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header.set([8, 0, 0, 0, 0], 8)
  const rows = Buffer.alloc(side * (side + 1), grey)
  for (let row = 0; row < side; row++) rows[row * (side + 1)] = 0
  const chunks = [chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]
  return new Uint8Array(Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...chunks]))
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), content])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(content.length, 0)
  framed.set(body, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}
