import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { newId } from '@bazaar/shared/database/columns'
import { refusal } from '@bazaar/shared/testing/refusal'
import sharp from 'sharp'
import { drawn } from './drawing.ts'
import { type Person, startWorld, type World } from './world.ts'

setDefaultTimeout(30_000)

let world: World
let seller: Person

beforeAll(async () => {
  world = await startWorld()
  seller = await world.seller()
})
afterAll(() => world.close())

function upload(productId: string, body: Uint8Array<ArrayBuffer>, contentType = 'image/png') {
  return world.client.addImage({ session: seller.session, params: { productId }, body, contentType })
}

describe('GET /products/{productId}/images/{imageId}', () => {
  test('can be kept for ever by anybody', async () => {
    const { id: productId } = await world.offer(seller)
    const { body } = await upload(productId, await drawn(30, 20))
    const url = new URL(body.url, world.url)
    const answer = await fetch(url)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('image/webp')
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    const content = await answer.bytes()
    expect(answer.headers.get('content-length')).toBe(String(content.length))
    expect((await sharp(content).metadata()).format).toBe('webp')

    const etag = answer.headers.get('etag') ?? ''
    const again = await fetch(url, { headers: { 'if-none-match': etag } })
    expect([again.status, (await again.bytes()).length]).toEqual([304, 0])
  })

  test('is not found under another product, nor when there is none', async () => {
    const [product, other] = [await world.offer(seller), await world.offer(seller)]
    const { body } = await upload(product.id, await drawn(30, 20))
    for (const params of [
      { productId: other.id, imageId: body.id },
      { productId: product.id, imageId: newId() },
    ]) {
      expect(await refusal(world.client.readImage({ params }))).toMatchObject({
        status: 404,
        code: 'not-found',
      })
    }
  })
})

describe('DELETE /products/{productId}/images/{imageId}', () => {
  test('removes a picture; the next one is the first then', async () => {
    const { id: productId } = await world.offer(seller)
    const first = (await upload(productId, await drawn(31, 20))).body
    const second = (await upload(productId, await drawn(32, 20))).body
    const params = { productId, imageId: first.id }
    const { session } = seller
    expect((await world.client.deleteImage({ session, params })).status).toBe(204)
    expect((await world.client.readProduct({ params })).body).toMatchObject({
      imageUrl: second.url,
      images: [second],
    })
    expect((await refusal(world.client.readImage({ params }))).status).toBe(404)
    expect((await refusal(world.client.deleteImage({ session, params }))).status).toBe(404)
  })
})

describe('the lists', () => {
  test('show the first picture of each product, and of each category', async () => {
    const [category, { session }] = ['pictured', seller]
    const [older, newer, bare] = [
      await world.offer(seller, { category }),
      await world.offer(seller, { category }),
      await world.offer(seller, { category }),
    ]
    const url = (await upload(newer.id, await drawn(41, 20))).body.url
    await upload(newer.id, await drawn(42, 20))
    const olderUrl = (await upload(older.id, await drawn(43, 20))).body.url

    const { body } = await world.client.listProducts({ query: { category } })
    expect(body.items.map(({ id, imageUrl }) => [id, imageUrl])).toEqual([
      [bare.id, null],
      [newer.id, url],
      [older.id, olderUrl],
    ])
    const home = (await world.client.readHomePage({})).body
    expect(home.categories).toContainEqual({ category, products: 3, imageUrl: url })
    await world.client.archiveProduct({ session, params: { productId: newer.id } })
    expect((await world.client.readHomePage({})).body.categories).toContainEqual({
      category,
      products: 2,
      imageUrl: olderUrl,
    })
  })
})
