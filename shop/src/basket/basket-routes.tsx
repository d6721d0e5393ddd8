import { Elysia } from 'elysia'
import { goTo, show } from '../page/answer.tsx'
import type { Visits } from '../visit/visiting.ts'
import { withMore, withQuantity } from './basket.ts'
import { basketPage } from './basket-page.tsx'

/** The basket. It is in a cookie, so nobody need log in to fill it. */
export function basketRoutes({ plugin }: Visits) {
  return new Elysia()
    .use(plugin)
    .get('/basket', async ({ visit }) => show(visit, await basketPage(visit)))
    .post('/basket/add', async ({ visit, form }) => {
      const { body: product } = await visit.bazaar.inventory.readProduct({
        productId: form.text('productId'),
      })
      const { id: productId, priceMinor, currency } = product
      const quantity = Math.max(1, wholeNumber(form.text('quantity')))
      const basket = withMore(visit.basket, { productId, quantity, priceMinor, currency })
      if (!basket) return show(visit, await basketPage(visit, { isFull: true }))
      visit.keepBasket(basket)
      visit.note('added')
      return goTo(visit, '/basket')
    })
    .post('/basket/change', ({ visit, form }) => {
      const quantity = form.text('remove') ? 0 : wholeNumber(form.text('quantity'))
      visit.keepBasket(withQuantity(visit.basket, { productId: form.text('productId'), quantity }))
      visit.note('updated')
      return goTo(visit, '/basket')
    })
}

function wholeNumber(text: string): number {
  return /^\d{1,6}$/.test(text) ? Number(text) : 1
}
