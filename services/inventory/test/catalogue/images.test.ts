import { describe, expect, test } from 'bun:test'
import { newId } from '@bazaar/shared/database/columns'
import { inTransaction, read } from '@bazaar/shared/database/database'
import { refusal } from '@bazaar/shared/testing/refusal'
import { eq } from 'drizzle-orm'
import sharp from 'sharp'
import { imageWidths } from '../../src/tables.ts'
import { openWorld } from '../world.ts'
import { drawn } from './drawing.ts'

const world = await openWorld()
const seller = await world.seller()

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

/** The widths in which a picture is stored besides its own. */
async function storedWidths(imageId: string): Promise<number[]> {
  const rows = await read(world.database, (connection) =>
    connection
      .select({ widthPixels: imageWidths.widthPixels })
      .from(imageWidths)
      .where(eq(imageWidths.imageId, imageId)),
  )
  return rows.map(({ widthPixels }) => widthPixels).toSorted((one, other) => one - other)
}

/** Leaves a picture as programs stored it that knew of no widths. */
const forgetWidths = (imageId: string) =>
  inTransaction(world.database, (tx) => tx.delete(imageWidths).where(eq(imageWidths.imageId, imageId)))

describe('a picture that is wanted narrower', () => {
  const at = (url: string, width: number) => fetch(new URL(`${url}?width=${width}`, world.url))
  const widthOf = async (answer: Response) => (await sharp(await answer.bytes()).metadata()).width

  test('is made in three widths when it is uploaded, and can be kept for ever in each', async () => {
    const { id: productId } = await world.offer(seller)
    const { body } = await upload(productId, await drawn(1_200, 900))
    expect(body.widths).toEqual([240, 480, 960])
    expect(await storedWidths(body.id)).toEqual([240, 480, 960])
    const etags = new Set<string | null>()
    for (const width of body.widths) {
      const answer = await at(body.url, width)
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/webp'])
      expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
      etags.add(answer.headers.get('etag'))
      const { format, width: widthPixels, height } = await sharp(await answer.bytes()).metadata()
      expect([format, widthPixels, height]).toEqual(['webp', width, (width * 3) / 4])
    }
    expect(etags.size).toBe(3)
  })

  test('is never made wider than it is', async () => {
    const { id: productId } = await world.offer(seller)
    const { body } = await upload(productId, await drawn(480, 960))
    expect(body.widths).toEqual([240])
    expect(await storedWidths(body.id)).toEqual([240])
    const [whole, wide] = await Promise.all([fetch(new URL(body.url, world.url)), at(body.url, 960)])
    expect(wide.headers.get('etag')).toBe(whole.headers.get('etag'))
    expect(await widthOf(wide)).toBe(480)
    expect(await storedWidths(body.id)).toEqual([240])
  })

  test('that was stored before there were widths is made when it is first wanted, and kept', async () => {
    const { id: productId } = await world.offer(seller)
    const { body } = await upload(productId, await drawn(600, 400))
    await forgetWidths(body.id)
    const answers = await Promise.all([1, 2, 3].map(() => at(body.url, 240)))
    expect(await Promise.all(answers.map(widthOf))).toEqual([240, 240, 240])
    expect(await storedWidths(body.id)).toEqual([240])
    expect(await widthOf(await at(body.url, 240))).toBe(240)
  })

  test('is refused in other widths, and is gone with its picture', async () => {
    const { id: productId } = await world.offer(seller)
    const { body } = await upload(productId, await drawn(600, 400))
    expect((await at(body.url, 241)).status).toBe(422)
    await world.client.deleteImage({ session: seller.session, params: { productId, imageId: body.id } })
    expect((await at(body.url, 240)).status).toBe(404)
    expect(await storedWidths(body.id)).toEqual([])
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
