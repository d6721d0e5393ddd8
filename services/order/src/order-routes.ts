import { OPEN_ORDERS_MAX, orderApi } from '@bazaar/shared/api/order'
import { read } from '@bazaar/shared/database/database'
import { bounded } from '@bazaar/shared/http/bounded'
import { lastIdOf, mostOf, pageOf } from '@bazaar/shared/http/pages'
import { hooksOf } from '@bazaar/shared/http/routes/hooks'
import { operations } from '@bazaar/shared/http/routes/operations'
import { send } from '@bazaar/shared/http/send'
import { Elysia } from 'elysia'
import { cancelOrder } from './cancelling/cancel-order.ts'
import type { Deps } from './deps.ts'
import { momentOf, refuseInverted } from './moments.ts'
import { listOpenOrderIds } from './orders/open-order-store.ts'
import { listOrders } from './orders/order-list-store.ts'
import { payOrder } from './payment/pay-order.ts'
import { leavingWhenSlow } from './payment/slow-provider.ts'
import { placeOrder } from './placing/place-order.ts'
import { orderSummaryView } from './views.ts'

/** Orders that are placed at once share the transactions of their steps; more than fill a batch would only wait. */
const PLACED_AT_ONCE_MAX = 64
/** Fewer while they are slow: on a busy machine more at once would all come too late. */
const PLACED_AT_ONCE_LEAST = 16
/** A second or two of orders; later callers are told to come back. */
const WAITING_TO_BE_PLACED_MAX = 256

/** The operations of buyers on their own orders, and the public ones. */
export function orderRoutes(deps: Deps) {
  return new Elysia().use(buying(deps)).use(listing(deps))
}

function buying(deps: Deps) {
  const inTurn = bounded({
    atOnceMax: PLACED_AT_ONCE_MAX,
    atOnceLeast: PLACED_AT_ONCE_LEAST,
    waitingMax: WAITING_TO_BE_PLACED_MAX,
    busy: 'Too many orders right now; try again shortly with the same Idempotency-Key',
  })
  const order = hooksOf(orderApi)
  return new Elysia()
    .use(operations)
    .post(
      '/orders',
      async ({ caller, key, body, set }) => {
        const placed = await inTurn((place) => {
          const provider = leavingWhenSlow(deps.provider, place.leave)
          return placeOrder({ ...deps, provider }, { buyer: caller, key, basket: body })
        })
        return send(set, placed)
      },
      order.placeOrder,
    )
    .post(
      '/orders/:orderId/cancel',
      async ({ caller, key, params, body, set }) =>
        send(set, await cancelOrder(deps, { buyer: caller, key, ...params, cancel: body })),
      order.cancelOrder,
    )
    .post(
      '/orders/:orderId/payments',
      async ({ caller, key, params, body, set }) =>
        send(set, await payOrder(deps, { buyer: caller, key, ...params, payment: body.payment })),
      order.payOrder,
    )
}

function listing(deps: Deps) {
  const { database } = deps
  const order = hooksOf(orderApi)
  return new Elysia()
    .use(operations)
    .get(
      '/orders',
      async ({ caller, query, set }) => send(set, await pageOfOrders(deps, caller.userId, query)),
      order.listOrders,
    )
    .get(
      '/open-orders',
      async ({ caller: { userId, userType } }) => {
        const found = await read(database, (connection) =>
          listOpenOrderIds(connection, { userId, userType, most: OPEN_ORDERS_MAX + 1 }),
        )
        return { orderIds: found.slice(0, OPEN_ORDERS_MAX), more: found.length > OPEN_ORDERS_MAX }
      },
      order.listOpenOrders,
    )
}

type OrdersQuery = (typeof orderApi.operations.listOrders.query)['static']

async function pageOfOrders({ database, config }: Deps, buyerId: string, query: OrdersQuery) {
  const filters = {
    buyerId,
    status: query.status,
    placedFrom: momentOf(query.placedFrom),
    placedBefore: momentOf(query.placedBefore),
  }
  refuseInverted(filters)
  const list = { path: '/orders', filters, query, cursorSecret: config.cursorSecret }
  const page = { ...filters, beforeId: lastIdOf(list), most: mostOf(list) }
  const found = await read(database, (connection) => listOrders(connection, page))
  return pageOf(list, found, { position: ({ id }) => [id], show: orderSummaryView })
}
