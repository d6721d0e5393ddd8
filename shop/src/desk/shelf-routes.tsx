import { newKey } from '@bazaar/client'
import { Elysia } from 'elysia'
import { goTo, show } from '../page/answer.tsx'
import { refuseField, tryIt } from '../page/failure.tsx'
import type { Visit } from '../visit/visit.ts'
import type { Visits } from '../visit/visiting.ts'
import { type DeskTyping, deskProductPage } from './desk-product-page.tsx'

const REASONS = ['RESTOCK', 'CORRECTION', 'LOSS'] as const

/** What else is done with a product: its stock, its pictures, taking it off the market and back. */
export function shelfRoutes({ plugin }: Visits) {
  return new Elysia()
    .use(plugin)
    .post('/desk/products/:productId/stock', async ({ visit, params, form }) => {
      const delta = Number(form.text('delta') || Number.NaN)
      const reason = REASONS.find((one) => one === form.text('reason')) ?? 'CORRECTION'
      const key = form.text('key')
      const { productId } = params
      const { refusal } = Number.isSafeInteger(delta)
        ? await tryIt(visit, () =>
            visit.bazaar.inventory.adjustStock({ productId, delta, reason }, { idempotencyKey: key }),
          )
        : { refusal: refuseField(visit, 'delta', visit.words.desk.badNumber) }
      const next = refusal?.isOpen ? key : newKey()
      return await done(visit, productId, refusal && { part: 'stock', typed: form.typed, refusal, key: next })
    })
    .post('/desk/products/:productId/pictures', async ({ visit, params, form }) => {
      const image = form.file('image')
      const { productId } = params
      const { refusal } = image
        ? await tryIt(visit, () => visit.bazaar.inventory.addImage({ productId, image }))
        : { refusal: refuseField(visit, 'image', visit.words.desk.choose) }
      return await done(visit, productId, refusal && { part: 'pictures', typed: {}, refusal })
    })
    .post('/desk/products/:productId/pictures/order', async ({ visit, params, form }) => {
      const { productId } = params
      const imageIds = movedForward(form.all('imageId'), {
        id: form.text('move'),
        isToFront: form.text('to') === 'front',
      })
      const { refusal } = await tryIt(visit, () =>
        visit.bazaar.inventory.orderImages({ productId, imageIds }),
      )
      return await done(visit, productId, refusal && { part: 'pictures', typed: {}, refusal })
    })
    .post('/desk/products/:productId/pictures/delete', async ({ visit, params, form }) => {
      const { productId } = params
      const imageId = form.text('imageId')
      const { refusal } = await tryIt(visit, () => visit.bazaar.inventory.deleteImage({ productId, imageId }))
      return await done(visit, productId, refusal && { part: 'pictures', typed: {}, refusal })
    })
    .post('/desk/products/:productId/archive', async ({ visit, params }) => {
      await visit.bazaar.inventory.archiveProduct(params)
      return await done(visit, params.productId)
    })
    .post('/desk/products/:productId/relist', async ({ visit, params }) => {
      await visit.bazaar.inventory.relistProduct(params)
      return await done(visit, params.productId)
    })
}

async function done(visit: Visit, productId: string, refused?: DeskTyping): Promise<Response> {
  if (refused) return show(visit, await deskProductPage(visit, productId, refused))
  visit.note('saved')
  return goTo(visit, `/desk/products/${productId}`)
}

/** The pictures with one of them at the front, or one place nearer to it. */
export function movedForward(
  ids: readonly string[],
  { id, isToFront }: { id: string; isToFront: boolean },
): string[] {
  const place = ids.indexOf(id)
  if (place <= 0) return [...ids]
  return ids.filter((one) => one !== id).toSpliced(isToFront ? 0 : place - 1, 0, id)
}
