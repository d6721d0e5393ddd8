import { describe, expect, test } from 'bun:test'
import { newId } from '@bazaar/shared/database/columns'
import { refusal } from '@bazaar/shared/testing/refusal'
import { openWorld } from '../world.ts'
import { drawn } from './drawing.ts'

const world = await openWorld()
const seller = await world.seller()

/** A product with so many pictures, and their ids in order. */
async function pictured(count: number): Promise<{ productId: string; imageIds: string[] }> {
  const { id: productId } = await world.offer(seller)
  const imageIds: string[] = []
  for (let number = 0; number < count; number++) {
    const body = await drawn(20 + number, 20)
    const call = { session: seller.session, params: { productId }, body, contentType: 'image/png' }
    imageIds.push((await world.client.addImage(call)).body.id)
  }
  return { productId, imageIds }
}

const order = (productId: string, imageIds: string[], { session } = seller) =>
  world.client.orderImages({ session, params: { productId }, body: { imageIds } })

const shown = async (productId: string) => {
  const { body } = await world.client.readProduct({ params: { productId } })
  return { cover: body.imageUrl, imageIds: body.images.map(({ id }) => id) }
}

describe('PUT /products/{productId}/images', () => {
  test('puts the pictures in order, the first one on lists, and those added later come last', async () => {
    const { productId, imageIds } = await pictured(3)
    const wanted = imageIds.toReversed()
    const { body } = await order(productId, wanted)
    expect(body.items.map(({ id }) => id)).toEqual(wanted)
    expect(await shown(productId)).toEqual({ cover: body.items[0]?.url ?? '', imageIds: wanted })
    expect((await order(productId, wanted)).body).toEqual(body)
    const late = await drawn(99, 20)
    const call = { session: seller.session, params: { productId }, body: late, contentType: 'image/png' }
    const added = await world.client.addImage(call)
    expect((await shown(productId)).imageIds).toEqual([...wanted, added.body.id])
  })

  test('leaves one of the orders that are wanted at once', async () => {
    const { productId, imageIds } = await pictured(4)
    const orders = [imageIds.toReversed(), [...imageIds.slice(1), ...imageIds.slice(0, 1)], imageIds]
    await Promise.all(orders.map((wanted) => order(productId, wanted)))
    expect(orders).toContainEqual((await shown(productId)).imageIds)
  })

  test('refuses what are not the pictures of the product, and changes nothing', async () => {
    const { productId, imageIds } = await pictured(2)
    const [first = '', second = ''] = imageIds
    for (const wanted of [[second], [second, newId()], [second, first, newId()]])
      expect(await refusal(order(productId, wanted))).toMatchObject({ status: 409, code: 'images-differ' })
    expect(await refusal(order(productId, [first, first]))).toMatchObject({ status: 422 })
    const stranger = await world.seller()
    expect(await refusal(order(productId, [second, first], stranger))).toMatchObject({
      status: 403,
      code: 'not-your-product',
    })
    expect((await shown(productId)).imageIds).toEqual(imageIds)
  })
})
