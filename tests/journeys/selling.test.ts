import { describe, expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import { anyone, bazaarOf, newKey, newPerson, newProduct, refusal, stockOf, urls } from './world.ts'

describe('the home page', () => {
  test('can be viewed without logging in, with its pictures', async () => {
    const seller = await newPerson('SELLER')
    const productId = await newProduct(seller, { name: 'Seen at once', stockCount: 3 })
    await bazaarOf(seller).inventory.addImage({ productId, image: picture() })

    const { body: page, headers } = await anyone.inventory.readHomePage()
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
    const { body: seen } = await anyone.inventory.readProduct({ productId })
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
    const { status, body: made } = await bazaarOf(seller).inventory.createProduct({
      name: 'Blue teapot',
      description: 'Holds a litre.\nMade in small numbers.',
      category: 'kitchen',
      priceMinor: 4_900,
      currency: 'EUR',
      stockCount: 7,
      properties: { colour: 'blue', volume: '1 l' },
    })
    expect(status).toBe(201)
    expect(made).toMatchObject({
      sellerId: seller.id,
      inStock: true,
      stockCount: 7,
      properties: { colour: 'blue', volume: '1 l' },
      version: 1,
    })

    const product = { productId: made.id }
    const { session } = seller
    for (let count = 1; count <= 3; count++) {
      const { body: image } = await bazaarOf({ session }).inventory.addImage({
        ...product,
        image: picture(count),
      })
      expect(image).toMatchObject({ widthPixels: 32, heightPixels: 32 })
    }
    const { body: seen } = await anyone.inventory.readProduct(product)
    expect(seen.images).toHaveLength(3)
    await bazaarOf({ session }).inventory.deleteImage({ ...product, imageId: seen.images[0]?.id ?? '' })

    const { headers } = await anyone.inventory.readProduct(product)
    const ifMatch = headers.get('etag') ?? ''
    const { body: changed } = await bazaarOf({ session }).inventory.changeProduct(
      { ...product, priceMinor: 4_500 },
      { ifMatch },
    )
    expect(changed).toMatchObject({ priceMinor: 4_500, name: 'Blue teapot', stockCount: 7 })
    expect(changed.images).toHaveLength(2)
    expect(
      await refusal(
        bazaarOf({ session }).inventory.changeProduct({ ...product, priceMinor: 1 }, { ifMatch }),
      ),
    ).toBe('412 precondition-failed')
  })

  test('may not touch the product of another', async () => {
    const owner = await newPerson('SELLER')
    const { session } = await newPerson('SELLER')
    const product = { productId: await newProduct(owner, { stockCount: 5 }) }
    const { headers } = await anyone.inventory.readProduct(product)
    const ifMatch = headers.get('etag') ?? ''
    const idempotencyKey = newKey()
    const attempts = [
      () => bazaarOf({ session }).inventory.changeProduct({ ...product, priceMinor: 1 }, { ifMatch }),
      () => bazaarOf({ session }).inventory.archiveProduct(product),
      () =>
        bazaarOf({ session }).inventory.adjustStock(
          { ...product, delta: -5, reason: 'LOSS' },
          { idempotencyKey },
        ),
      () => bazaarOf({ session }).inventory.addImage({ ...product, image: picture() }),
      () => bazaarOf({ session }).inventory.listStockMovements(product),
    ]
    for (const attempt of attempts) expect(await refusal(attempt())).toBe('403 not-your-product')
    expect((await anyone.inventory.readProduct(product)).body).toMatchObject({
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
    expect(await refusal(bazaarOf(buyer).inventory.createProduct(body))).toBe('403 forbidden')
    expect(
      await refusal(bazaarOf({ session: 'nobody-has-this-session' }).inventory.createProduct(body)),
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
    const first = await bazaarOf({ session }).inventory.createProduct(body, { idempotencyKey })
    const again = await bazaarOf({ session }).inventory.createProduct(body, { idempotencyKey })
    expect(again.body).toEqual(first.body)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect(
      await refusal(
        bazaarOf({ session }).inventory.createProduct({ ...body, priceMinor: 101 }, { idempotencyKey }),
      ),
    ).toBe('422 idempotency-key-reused')

    const product = { productId: first.body.id }
    const key = { idempotencyKey: newKey() }
    const restock = () =>
      bazaarOf({ session }).inventory.adjustStock({ ...product, delta: 4, reason: 'RESTOCK' }, key)
    await Promise.all([restock(), restock()])
    expect(await stockOf(product.productId)).toBe(5)
    expect(
      await refusal(bazaarOf({ session }).inventory.adjustStock({ ...product, delta: -6, reason: 'LOSS' })),
    ).toBe('409 stock-would-be-negative')
    const { body: movements } = await bazaarOf({ session }).inventory.listStockMovements(product)
    expect(movements.items.map(({ delta, stockAfter, reason }) => ({ delta, stockAfter, reason }))).toEqual([
      { delta: 4, stockAfter: 5, reason: 'RESTOCK' },
      { delta: 1, stockAfter: 1, reason: 'INITIAL' },
    ])
  })

  test('takes a product off the market: it is found no more, but can still be viewed', async () => {
    const seller = await newPerson('SELLER')
    const product = { productId: await newProduct(seller, { name: 'Last season', stockCount: 1 }) }
    await bazaarOf(seller).inventory.archiveProduct(product)
    const { body: found } = await anyone.inventory.listProducts({ sellerId: seller.id })
    expect(found.items).toEqual([])
    expect((await anyone.inventory.readProduct(product)).body.status).toBe('ARCHIVED')
    const { body: own } = await bazaarOf(seller).inventory.listOwnProducts()
    expect(own.items).toHaveLength(1)
  })

  test('cannot upload what is not a picture', async () => {
    const seller = await newPerson('SELLER')
    const product = { productId: await newProduct(seller, { stockCount: 1 }) }
    const upload = (content: Uint8Array<ArrayBuffer>, type: string) =>
      bazaarOf(seller).inventory.addImage({ ...product, image: new Blob([content], { type }) })
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
      (await anyone.inventory.listProducts({ sellerId: seller.id, ...query })).body
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
