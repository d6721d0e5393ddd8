import { newKey } from '@bazaar/client'
import { Elysia } from 'elysia'
import { goTo, show } from '../page/answer.tsx'
import { refuseField, tryIt } from '../page/failure.ts'
import type { Visits } from '../visit/visiting.ts'
import { deskPage } from './desk-page.tsx'
import { deskProductPage } from './desk-product-page.tsx'
import { offerPage } from './offer-page.tsx'
import { addPictures, pictureRoutes } from './picture-routes.tsx'
import { offerIn } from './product-fields.tsx'
import { shelfRoutes } from './shelf-routes.tsx'

/** A seller's products: what they offer, and how. */
export function deskRoutes({ plugin, exchangeOf }: Visits) {
  return new Elysia()
    .use(plugin)
    .use(shelfRoutes({ plugin, exchangeOf }))
    .use(pictureRoutes({ plugin, exchangeOf }))
    .get('/desk', async ({ visit }) => show(visit, await deskPage(visit)))
    .get('/desk/products/new', async ({ visit }) => {
      // Asked only to send whoever may not offer anything to where they can.
      await visit.bazaar.inventory.listOwnProducts({ limit: 1 })
      return show(visit, await offerPage(visit, { key: newKey(), typed: { currency: 'EUR' } }))
    })
    .post('/desk/products/new', async ({ visit, form }) => {
      const key = form.text('key')
      const { offer, refusal: unread } = offerIn(visit, form)
      if (unread) return show(visit, await offerPage(visit, { key, typed: form.typed, refusal: unread }))
      const stockCount = Number(form.text('stockCount') || Number.NaN)
      if (!Number.isSafeInteger(stockCount)) {
        const refusal = refuseField(visit, 'stockCount', visit.words.desk.badNumber)
        return show(visit, await offerPage(visit, { key, typed: form.typed, refusal }))
      }
      const { done, refusal } = await tryIt(visit, () =>
        visit.bazaar.inventory.createProduct({ ...offer, stockCount }, { idempotencyKey: key }),
      )
      if (refusal)
        return show(
          visit,
          await offerPage(visit, { key: refusal.isOpen ? key : newKey(), typed: form.typed, refusal }),
        )
      const { id } = done.body
      const files = form.files('image')
      const refused = await addPictures(visit, id, files)
      if (refused) {
        const summary = `${visit.words.desk.offeredBut} ${refused.summary}`
        const tried = { part: 'pictures', typed: {}, refusal: { ...refused, summary } } as const
        return show(visit, await deskProductPage(visit, id, tried))
      }
      visit.note(files.length > 0 ? 'offeredWithPictures' : 'offered')
      return goTo(visit, `/desk/products/${id}`)
    })
    .get('/desk/products/:productId', async ({ visit, params }) =>
      show(visit, await deskProductPage(visit, params.productId)),
    )
    .post('/desk/products/:productId', async ({ visit, params, form }) => {
      const { productId } = params
      const { offer, refusal: unread } = offerIn(visit, form)
      const { refusal = unread } = offer
        ? await tryIt(visit, () =>
            visit.bazaar.inventory.changeProduct({ productId, ...offer }, { ifMatch: form.text('etag') }),
          )
        : {}
      if (refusal) {
        const tried = { part: 'offer', typed: form.typed, refusal } as const
        return show(visit, await deskProductPage(visit, productId, tried))
      }
      visit.note('saved')
      return goTo(visit, `/desk/products/${productId}`)
    })
}
