import { OPEN_ORDERS_MAX, orderApi } from '@bazaar/shared/api/order'
import { type Reader, read } from '@bazaar/shared/database/database'
import { bounded } from '@bazaar/shared/http/bounded'
import { lastIdOf, mostOf, type Position, pageOf } from '@bazaar/shared/http/pages'
import { hooksOf } from '@bazaar/shared/http/routes/hooks'
import { operations } from '@bazaar/shared/http/routes/operations'
import { send } from '@bazaar/shared/http/send'
import { Elysia } from 'elysia'
import { cancelOrder } from './cancelling/cancel-order.ts'
import {
  listCancellations,
  listRefunds,
  type PageOf,
  type StoredRefund,
} from './cancelling/cancellation-store.ts'
import type { Deps } from './deps.ts'
import { orderNotFound } from './errors.ts'
import { momentOf, refuseInverted } from './moments.ts'
import { listEvents } from './orders/event-store.ts'
import { listOpenOrderIds } from './orders/open-order-store.ts'
import { listOrders } from './orders/order-list-store.ts'
import { findOrder, isOrderOf, type OrderWithRefunds } from './orders/order-store.ts'
import { payOrder } from './payment/pay-order.ts'
import { leavingWhenSlow } from './payment/slow-provider.ts'
import { placeOrder } from './placing/place-order.ts'
import {
  cancellationView,
  eventView,
  orderSummaryView,
  orderView,
  paymentDetailsView,
  refundView,
} from './views.ts'

/** Most orders have fewer events, cancellations and refunds than this. */
const PAGE_SIZE_OF_ORDER = 100

/** Orders that are placed at once share the transactions of their steps; more than fill a batch would only wait. */
const PLACED_AT_ONCE_MAX = 64
/** A second or two of orders; later callers are told to come back. */
const WAITING_TO_BE_PLACED_MAX = 256

/** The operations of buyers on their own orders, and the public ones. */
export function orderRoutes(deps: Deps) {
  return new Elysia().use(buying(deps)).use(reading(deps)).use(parts(deps))
}

function buying(deps: Deps) {
  const inTurn = bounded({
    atOnceMax: PLACED_AT_ONCE_MAX,
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

function reading(deps: Deps) {
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
    .get(
      '/orders/:orderId',
      async ({ caller, params }) => orderView(await ownOrder(deps, params.orderId, caller.userId)),
      order.readOrder,
    )
    .get(
      '/orders/:orderId/payment',
      async ({ caller, params }) => paymentDetailsView(await ownOrder(deps, params.orderId, caller.userId)),
      order.readPayment,
    )
}

/** The lists of what belongs to one order. */
function parts(deps: Deps) {
  const order = hooksOf(orderApi)
  const events = { what: 'history', list: listEvents, position: byId, show: eventView }
  const cancellations = {
    what: 'cancellations',
    list: listCancellations,
    position: byId,
    show: cancellationView,
  }
  const refunds = {
    what: 'refunds',
    list: listRefunds,
    position: ({ cancellationId }: StoredRefund): Position => [cancellationId],
    show: refundView,
  }
  return new Elysia()
    .use(operations)
    .get(
      '/orders/:orderId/history',
      async ({ caller, params, query, set }) =>
        send(set, await pageOfOrder(deps, { caller, params, query }, events)),
      order.readHistory,
    )
    .get(
      '/orders/:orderId/cancellations',
      async ({ caller, params, query, set }) =>
        send(set, await pageOfOrder(deps, { caller, params, query }, cancellations)),
      order.listCancellations,
    )
    .get(
      '/orders/:orderId/refunds',
      async ({ caller, params, query, set }) =>
        send(set, await pageOfOrder(deps, { caller, params, query }, refunds)),
      order.listRefunds,
    )
}

function byId({ id }: { id: string }): Position {
  return [id]
}

async function ownOrder({ database }: Deps, orderId: string, buyerId: string): Promise<OrderWithRefunds> {
  const found = await read(database, (connection) => findOrder(connection, orderId, buyerId))
  if (!found) throw orderNotFound()
  return found
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

/** A page of entries that belong to one of the caller's orders. */
async function pageOfOrder<Stored, Shown>(
  deps: Deps,
  request: {
    caller: { userId: string }
    params: { orderId: string }
    query: { limit?: string; cursor?: string }
  },
  entries: {
    what: string
    list: (connection: Reader, page: PageOf) => Promise<Stored[]>
    position: (entry: Stored) => Position
    show: (entry: Stored) => Shown
  },
) {
  const { caller, params, query } = request
  const { orderId } = params
  const list = {
    path: `/orders/${orderId}/${entries.what}`,
    query,
    sizeUsual: PAGE_SIZE_OF_ORDER,
    cursorSecret: deps.config.cursorSecret,
  }
  const found = await read(deps.database, async (connection) => {
    if (!(await isOrderOf(connection, orderId, caller.userId))) throw orderNotFound()
    return entries.list(connection, { orderId, afterId: lastIdOf(list), most: mostOf(list) })
  })
  return pageOf(list, found, entries)
}
