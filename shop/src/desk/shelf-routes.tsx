import { newKey } from '@bazaar/client'
import { Elysia } from 'elysia'
import { goTo, show } from '../page/answer.tsx'
import { refuseField, tryIt } from '../page/failure.ts'
import type { Visit } from '../visit/visit.ts'
import type { Visits } from '../visit/visiting.ts'
import { type DeskTyping, deskProductPage } from './desk-product-page.tsx'

const REASONS = ['RESTOCK', 'CORRECTION', 'LOSS'] as const

/** What else is done with a product: its stock, taking it off the market and back. */
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
