import { orderApi } from '@bazaar/shared/api/order'
import { read } from '@bazaar/shared/database/database'
import { lastIdOf, mostOf, pageOf } from '@bazaar/shared/http/pages'
import { hooksOf } from '@bazaar/shared/http/routes/hooks'
import { operations } from '@bazaar/shared/http/routes/operations'
import { send } from '@bazaar/shared/http/send'
import { Elysia } from 'elysia'
import type { Deps } from './deps.ts'
import { orderNotFound } from './errors.ts'
import { deliverSale, shipSale } from './sales/move-sale.ts'
import { findSale, listSales } from './sales/sale-store.ts'
import { saleView } from './sales/sale-view.ts'

/** The operations of sellers on their parts of orders. */
export function saleRoutes(deps: Deps) {
  const order = hooksOf(orderApi)
  return new Elysia()
    .use(operations)
    .get(
      '/sales',
      async ({ caller, query, set }) => send(set, await pageOfSales(deps, caller.userId, query)),
      order.listSales,
    )
    .get(
      '/sales/:orderId',
      async ({ caller, params }) => {
        const sale = await read(deps.database, (connection) =>
          findSale(connection, params.orderId, caller.userId),
        )
        if (!sale) throw orderNotFound()
        return saleView(sale)
      },
      order.readSale,
    )
    .post(
      '/sales/:orderId/shipment',
      async ({ caller, params, body }) =>
        saleView(await shipSale(deps, { seller: caller, ...params, shipment: body })),
      order.shipSale,
    )
    .post(
      '/sales/:orderId/delivery',
      async ({ caller, params }) => saleView(await deliverSale(deps, { seller: caller, ...params })),
      order.deliverSale,
    )
}

type SalesQuery = (typeof orderApi.operations.listSales.query)['static']

async function pageOfSales({ database, config }: Deps, sellerId: string, query: SalesQuery) {
  const filters = { sellerId, status: query.status }
  const list = { path: '/sales', filters, query, cursorSecret: config.cursorSecret }
  const page = { ...filters, beforeId: lastIdOf(list), most: mostOf(list) }
  const found = await read(database, (connection) => listSales(connection, page))
  return pageOf(list, found, { position: ({ order }) => [order.id], show: saleView })
}
