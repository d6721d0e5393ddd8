import { newKey } from '@bazaar/client'
import { Elysia } from 'elysia'
import { goTo, type Page, show } from '../page/answer.tsx'
import { tryIt } from '../page/failure.ts'
import type { Form } from '../visit/form.ts'
import type { Visit } from '../visit/visit.ts'
import type { Visits } from '../visit/visiting.ts'
import { checkoutPage } from './checkout-page.tsx'
import { paymentIn } from './payment-choice.tsx'

/**
 * Ordering. What is ordered, what it was said to cost and the Idempotency-Key are in the form, so the form may be sent as
 * often as one likes: it is one order, and what was seen is what is bought.
 */
export function checkoutRoutes({ plugin }: Visits) {
  return new Elysia()
    .use(plugin)
    .get('/checkout', async ({ visit }) => {
      return answer(visit, await checkoutPage(visit, { key: newKey(), typed: {} }))
    })
    .post('/checkout', async ({ visit, form }) => {
      const key = form.text('key')
      const lines = linesIn(form)
      const { done, refusal } = await tryIt(visit, () =>
        visit.bazaar.order.placeOrder(
          {
            lines,
            addressId: form.text('addressId'),
            payment: paymentIn(form),
            expectedTotalMinor: Number(form.text('total')),
          },
          { idempotencyKey: key },
        ),
      )
      if (done) {
        takeOut(visit, lines)
        if (done.body.status === 'CONFIRMED') visit.note('placed')
        return goTo(visit, `/orders/${done.body.id}`)
      }
      // Refused for good: what is sent next is another order. Broken off: it may be the same one, so it keeps its key.
      const page = await checkoutPage(visit, {
        key: refusal.isOpen ? key : newKey(),
        typed: form.typed,
        refusal,
        ...(refusal.isOpen ? { asSent: form } : {}),
      })
      return answer(visit, page)
    })
}

function answer(visit: Visit, page: Page | string): Response {
  return typeof page === 'string' ? goTo(visit, page) : show(visit, page)
}

function linesIn(form: Form) {
  return form.all('line').map((line) => {
    const [productId = '', quantity = ''] = line.split(' ')
    return { productId, quantity: Number(quantity) }
  })
}

/** What was ordered is no longer in the basket; what was put there meanwhile stays. */
function takeOut(visit: Visit, ordered: readonly { productId: string }[]): void {
  visit.keepBasket(
    visit.basket.filter((line) => !ordered.some(({ productId }) => productId === line.productId)),
  )
}
