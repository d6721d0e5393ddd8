import { OPEN_ORDERS_MAX, type orderApi } from '@bazaar/shared/api/order'
import { type Connection, read } from '@bazaar/shared/database/database'
import { bounded } from '@bazaar/shared/http/bounded'
import type { Handlers, RequestOf } from '@bazaar/shared/http/handler'
import { cancelOrder } from './cancel-order.ts'
import { listCancellations, listRefunds, type PageOf } from './cancellation-store.ts'
import type { Deps } from './deps.ts'
import { orderNotFound } from './errors.ts'
import { listEvents } from './event-store.ts'
import { momentOf, refuseInverted } from './moments.ts'
import { deliverSale, shipSale } from './move-sale.ts'
import { listOpenOrderIds } from './open-order-store.ts'
import { listOrders } from './order-list-store.ts'
import { findOrder, type OrderWithRefunds } from './order-store.ts'
import { type List, lastIdOf, mostOf, pageOf } from './pages.ts'
import { payOrder } from './pay-order.ts'
import { placeOrder } from './place-order.ts'
import { findSale, listSales } from './sale-store.ts'
import { leavingWhenSlow } from './slow-provider.ts'
import {
  cancellationView,
  eventView,
  orderSummaryView,
  orderView,
  paymentDetailsView,
  refundView,
  saleView,
} from './views.ts'

const PAGE_SIZE = 20
/** Most orders have fewer events, cancellations and refunds than that. */
const PAGE_SIZE_OF_ORDER = 100

/** An order needs a connection for each of its steps: with more at once they would all wait for each other. */
const PLACED_AT_ONCE_MAX = 16
/** A second or two of orders; whoever comes later is told to come back. */
const WAITING_TO_BE_PLACED_MAX = 256

/** What answers each operation of the order service. */
export function routes(deps: Deps): Handlers<typeof orderApi> {
  const { database, config } = deps
  const inTurn = bounded({
    atOnceMax: PLACED_AT_ONCE_MAX,
    waitingMax: WAITING_TO_BE_PLACED_MAX,
    busy: 'Too many orders at this moment, try again shortly with the same Idempotency-Key',
  })

  async function ownOrder(orderId: string, buyerId: string): Promise<OrderWithRefunds> {
    const found = await read(database, (connection) => findOrder(connection, orderId, buyerId))
    if (!found) throw orderNotFound()
    return found
  }

  const listOf = (list: Pick<List, 'path' | 'ownerId' | 'filters' | 'query'>): List => ({
    ...list,
    sizeUsual: PAGE_SIZE,
    cursorSecret: config.cursorSecret,
  })

  /** A page of what belongs to one order of the caller's. */
  async function pageOfOrder<Stored extends { id: string }, Shown>(
    {
      caller,
      params,
      query,
    }: Pick<RequestOf<(typeof orderApi)['operations']['readHistory']>, 'caller' | 'params' | 'query'>,
    what: string,
    entries: {
      list: (connection: Connection, page: PageOf) => Promise<Stored[]>
      id: (entry: Stored) => string
      show: (entry: Stored) => Shown
    },
  ) {
    const { id: orderId } = await ownOrder(params.orderId, caller.userId)
    const path = `/orders/${orderId}/${what}`
    const list = { ...listOf({ path, ownerId: caller.userId, query }), sizeUsual: PAGE_SIZE_OF_ORDER }
    const page = { orderId, afterId: lastIdOf(list), most: mostOf(list) }
    return pageOf(list, await read(database, (connection) => entries.list(connection, page)), entries)
  }

  return {
    listOpenOrders: async ({ caller: { userId, userType } }) => {
      const found = await read(database, (connection) =>
        listOpenOrderIds(connection, { userId, userType, most: OPEN_ORDERS_MAX + 1 }),
      )
      return { orderIds: found.slice(0, OPEN_ORDERS_MAX), more: found.length > OPEN_ORDERS_MAX }
    },

    placeOrder: ({ caller, idempotencyKey, body }) =>
      inTurn((place) => {
        const provider = leavingWhenSlow(deps.provider, place.leave)
        return placeOrder({ ...deps, provider }, { buyer: caller, key: idempotencyKey, basket: body })
      }),

    listOrders: async ({ caller, query }) => {
      const filters = {
        status: query.status,
        placedFrom: momentOf(query.placedFrom),
        placedBefore: momentOf(query.placedBefore),
      }
      refuseInverted(filters)
      const list = listOf({ path: '/orders', ownerId: caller.userId, filters, query })
      const page = { buyerId: caller.userId, ...filters, beforeId: lastIdOf(list), most: mostOf(list) }
      const found = await read(database, (connection) => listOrders(connection, page))
      return pageOf(list, found, { id: ({ id }) => id, show: orderSummaryView })
    },

    readOrder: async ({ caller, params }) => orderView(await ownOrder(params.orderId, caller.userId)),

    readHistory: (request) =>
      pageOfOrder(request, 'history', { list: listEvents, id: ({ id }) => id, show: eventView }),

    listCancellations: (request) =>
      pageOfOrder(request, 'cancellations', {
        list: listCancellations,
        id: ({ id }) => id,
        show: cancellationView,
      }),

    listRefunds: (request) =>
      pageOfOrder(request, 'refunds', {
        list: listRefunds,
        id: ({ cancellationId }) => cancellationId,
        show: refundView,
      }),

    cancelOrder: ({ caller, idempotencyKey, params, body }) =>
      cancelOrder(deps, { buyer: caller, key: idempotencyKey, orderId: params.orderId, cancel: body }),

    readPayment: async ({ caller, params }) =>
      paymentDetailsView(await ownOrder(params.orderId, caller.userId)),

    payOrder: ({ caller, idempotencyKey, params, body }) =>
      payOrder(deps, { buyer: caller, key: idempotencyKey, orderId: params.orderId, payment: body.payment }),

    listSales: async ({ caller, query }) => {
      const filters = { status: query.status }
      const list = listOf({ path: '/sales', ownerId: caller.userId, filters, query })
      const page = { sellerId: caller.userId, ...filters, beforeId: lastIdOf(list), most: mostOf(list) }
      const found = await read(database, (connection) => listSales(connection, page))
      return pageOf(list, found, { id: ({ order }) => order.id, show: saleView })
    },

    readSale: async ({ caller, params }) => {
      const sale = await read(database, (connection) => findSale(connection, params.orderId, caller.userId))
      if (!sale) throw orderNotFound()
      return saleView(sale)
    },

    shipSale: async ({ caller, params, body }) =>
      saleView(await shipSale(deps, { seller: caller, orderId: params.orderId, shipment: body })),

    deliverSale: async ({ caller, params }) =>
      saleView(await deliverSale(deps, { seller: caller, orderId: params.orderId })),
  }
}
