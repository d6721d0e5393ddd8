import { newKey } from '@bazaar/client'
import { Elysia } from 'elysia'
import { goTo, show } from '../page/answer.tsx'
import { refuseField, tryIt } from '../page/failure.ts'
import type { Visits } from '../visit/visiting.ts'
import { orderPage } from './order-page.tsx'
import { ordersPage } from './orders-page.tsx'
import { paymentIn } from './payment-choice.tsx'

/** What somebody has ordered: looking at it, paying it in another way, cancelling it. */
export function orderRoutes({ plugin }: Visits) {
  return new Elysia()
    .use(plugin)
    .get('/orders', async ({ visit }) => show(visit, await ordersPage(visit)))
    .get('/orders/:orderId', async ({ visit, params }) => show(visit, await orderPage(visit, params.orderId)))
    .post('/orders/:orderId/pay', async ({ visit, params, form }) => {
      const { orderId } = params
      const idempotencyKey = form.text('key')
      const { done, refusal } = await tryIt(visit, () =>
        visit.bazaar.order.payOrder({ orderId, payment: paymentIn(form) }, { idempotencyKey }),
      )
      if (refusal) {
        const key = refusal.isOpen ? idempotencyKey : newKey()
        return show(visit, await orderPage(visit, orderId, { part: 'pay', key, typed: form.typed, refusal }))
      }
      if (done.body.status === 'CONFIRMED') visit.note('paid')
      return goTo(visit, `/orders/${orderId}`)
    })
    .post('/orders/:orderId/cancel', async ({ visit, params, form }) => {
      const { orderId } = params
      const idempotencyKey = form.text('key')
      const isPart = form.text('part') === 'some'
      const lines = form.all('productId').flatMap((productId) => {
        const quantity = Number(form.text(`quantity-${productId}`))
        return quantity > 0 ? [{ productId, quantity }] : []
      })
      const reason = form.text('reason')
      const part = isPart ? 'cancel-some' : 'cancel'
      if (isPart && lines.length === 0) {
        const refusal = refuseField(visit, 'lines', visit.words.order.nothingChosen)
        const shown = { ...refusal, summary: visit.words.order.nothingChosen }
        const tried = { part, key: newKey(), typed: form.typed, refusal: shown } as const
        return show(visit, await orderPage(visit, orderId, tried))
      }
      const { refusal } = await tryIt(visit, () =>
        visit.bazaar.order.cancelOrder(
          { orderId, ...(reason ? { reason } : {}), ...(isPart ? { lines } : {}) },
          { idempotencyKey },
        ),
      )
      if (refusal) {
        const key = refusal.isOpen ? idempotencyKey : newKey()
        return show(visit, await orderPage(visit, orderId, { part, key, typed: form.typed, refusal }))
      }
      visit.note('cancelled')
      return goTo(visit, `/orders/${orderId}`)
    })
}
