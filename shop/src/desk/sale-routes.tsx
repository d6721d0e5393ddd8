import { Elysia } from 'elysia'
import { goTo, show } from '../page/answer.tsx'
import { tryIt } from '../page/failure.ts'
import type { Visits } from '../visit/visiting.ts'
import { salePage, salesPage } from './sale-pages.tsx'

/** A seller's parts of orders: what is to be sent, and that it was. */
export function saleRoutes({ plugin }: Visits) {
  return new Elysia()
    .use(plugin)
    .get('/desk/sales', async ({ visit }) => show(visit, await salesPage(visit)))
    .get('/desk/sales/:orderId', async ({ visit, params }) =>
      show(visit, await salePage(visit, params.orderId)),
    )
    .post('/desk/sales/:orderId/shipment', async ({ visit, params, form }) => {
      const { orderId } = params
      const [carrier, trackingNumber] = [form.text('carrier'), form.text('trackingNumber')]
      const { refusal } = await tryIt(visit, () =>
        visit.bazaar.order.shipSale({
          orderId,
          ...(carrier ? { carrier } : {}),
          ...(trackingNumber ? { trackingNumber } : {}),
        }),
      )
      if (refusal) {
        const tried = { from: 'AWAITING_SHIPMENT', typed: form.typed, refusal } as const
        return show(visit, await salePage(visit, orderId, tried))
      }
      visit.note('shipped')
      return goTo(visit, `/desk/sales/${orderId}`)
    })
    .post('/desk/sales/:orderId/delivery', async ({ visit, params }) => {
      const { orderId } = params
      const { refusal } = await tryIt(visit, () => visit.bazaar.order.deliverSale({ orderId }))
      if (refusal) return show(visit, await salePage(visit, orderId, { from: 'SHIPPED', typed: {}, refusal }))
      visit.note('delivered')
      return goTo(visit, `/desk/sales/${orderId}`)
    })
}
