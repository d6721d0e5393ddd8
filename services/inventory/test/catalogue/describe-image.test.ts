import { describe, expect, test } from 'bun:test'
import { IMAGE_TEXT_LENGTH_MAX } from '@bazaar/shared/api/inventory'
import { newId } from '@bazaar/shared/database/columns'
import { refusal } from '@bazaar/shared/testing/refusal'
import { openWorld } from '../world.ts'
import { drawn } from './drawing.ts'

const world = await openWorld()
const seller = await world.seller()

const TEXT = 'A blue kettle on a gas stove'

async function pictured(category = 'kitchen') {
  const { id: productId } = await world.offer(seller, { category })
  const body = await drawn(30, 20)
  const call = { session: seller.session, params: { productId }, body, contentType: 'image/png' }
  const { body: image } = await world.client.addImage(call)
  return { productId, image }
}

const say = (params: { productId: string; imageId: string }, altText: string | null, { session } = seller) =>
  world.client.describeImage({ session, params, body: { altText } })

const shown = async (productId: string) =>
  (await world.client.readProduct({ params: { productId } })).body.images.map(({ altText }) => altText)

describe('PATCH /products/{productId}/images/{imageId}', () => {
  test('says what a picture shows, beside it and in lists, and takes it back', async () => {
    const { productId, image } = await pictured('described')
    const params = { productId, imageId: image.id }
    const inLists = async () => {
      const { body } = await world.client.listProducts({ query: { category: 'described' } })
      const { body: home } = await world.client.readHomePage({})
      const cards = [...body.items, ...home.newest].filter(({ id }) => id === productId)
      return cards.map(({ imageUrl, imageAltText }) => [imageUrl, imageAltText])
    }
    expect(image.altText).toBeNull()
    expect(await inLists()).toEqual([
      [image.url, null],
      [image.url, null],
    ])

    expect((await say(params, `  ${TEXT} `)).body).toEqual({ ...image, altText: TEXT })
    expect(await shown(productId)).toEqual([TEXT])
    expect(await inLists()).toEqual([
      [image.url, TEXT],
      [image.url, TEXT],
    ])
    // The same again is no other answer.
    expect((await say(params, TEXT)).body.altText).toBe(TEXT)

    for (const none of ['', null]) {
      await say(params, TEXT)
      expect((await say(params, none)).body).toEqual(image)
      expect(await shown(productId)).toEqual([null])
    }
  })

  test('is kept when the pictures are put in another order, and when the picture is sent again', async () => {
    const { productId, image } = await pictured()
    const { session } = seller
    await say({ productId, imageId: image.id }, TEXT)
    const add = async (width: number) =>
      (
        await world.client.addImage({
          session,
          params: { productId },
          body: await drawn(width, 20),
          contentType: 'image/png',
        })
      ).body
    const second = await add(31)
    const imageIds = [second.id, image.id]
    const { body } = await world.client.orderImages({ session, params: { productId }, body: { imageIds } })
    expect(body.items.map(({ altText }) => altText)).toEqual([null, TEXT])
    expect((await add(30)).altText).toBe(TEXT)
  })

  test('makes another ETag of the product, and no other version', async () => {
    const { productId, image } = await pictured()
    const etag = async () =>
      (await world.client.readProduct({ params: { productId } })).headers.get('etag') ?? ''
    const before = await etag()
    await say({ productId, imageId: image.id }, TEXT)
    const after = await etag()
    expect(after).not.toBe(before)
    expect(after.split('-')[0]).toBe(before.split('-')[0])
  })

  test('refuses another’s product, a picture that is not there, and a text that is too long', async () => {
    const { productId, image } = await pictured()
    const other = await pictured()
    const params = { productId, imageId: image.id }
    expect(await refusal(say(params, TEXT, await world.seller()))).toMatchObject({
      status: 403,
      code: 'not-your-product',
    })
    for (const imageId of [newId(), other.image.id])
      expect(await refusal(say({ productId, imageId }, TEXT))).toMatchObject({ status: 404 })
    const longest = 'ä'.repeat(IMAGE_TEXT_LENGTH_MAX)
    expect((await say(params, longest)).body.altText).toBe(longest)
    expect(await refusal(say(params, `${longest}ä`))).toMatchObject({ status: 422 })
    expect(await shown(productId)).toEqual([longest])
    expect(await shown(other.productId)).toEqual([null])
  })
})
