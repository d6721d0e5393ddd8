import type { orderApi } from '@bazaar/shared/api/order'
import { bounded } from '@bazaar/shared/bounded'
import { decodeCursor, encodeCursor } from '@bazaar/shared/cursor'
import { read } from '@bazaar/shared/database'
import { type Handlers, Reply } from '@bazaar/shared/handler'
import { cancelOrder } from './cancel-order.ts'
import type { Deps } from './deps.ts'
import { orderNotFound } from './errors.ts'
import { deliverSale, shipSale } from './move-sale.ts'
import { findOrderOfBuyer, listEvents, listOrders, type StoredOrder } from './order-store.ts'
import { payOrder } from './pay-order.ts'
import { placeOrder } from './place-order.ts'
import { findSale, listSales } from './sale-store.ts'
import { orderView, paymentDetailsView, saleView } from './views.ts'

const PAGE_SIZE = 20

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

  async function ownOrder(orderId: string, buyerId: string): Promise<StoredOrder> {
    const found = await read(database, (connection) => findOrderOfBuyer(connection, orderId, buyerId))
    if (!found) throw orderNotFound()
    return found
  }

  /** A page out of one entry more than it shows: that one tells whether there is a next page. */
  function pageOf<Stored, Shown>(
    list: { path: string; name: string; query: { limit?: string; cursor?: string } },
    entries: Stored[],
    shape: { id: (entry: Stored) => string; show: (entry: Stored) => Shown },
  ) {
    const size = Number(list.query.limit ?? PAGE_SIZE)
    const shown = entries.slice(0, size)
    const last = shown.at(-1)
    const next =
      entries.length > size && last ? encodeCursor(config.cursorSecret, list.name, [shape.id(last)]) : null
    const link = new URLSearchParams(Object.entries({ ...list.query, cursor: next ?? '' }))
    return new Reply(
      { items: shown.map(shape.show), next },
      { headers: next ? { link: `<${list.path}?${link}>; rel="next"` } : {} },
    )
  }

  function beforeId(list: string, cursor: string | undefined): string | undefined {
    return cursor === undefined ? undefined : String(decodeCursor(config.cursorSecret, list, cursor)[0])
  }

  return {
    placeOrder: ({ caller, idempotencyKey, body }) =>
      inTurn(() => placeOrder(deps, { buyer: caller, key: idempotencyKey, basket: body })),

    listOrders: async ({ caller, query }) => {
      const { cursor: _cursor, limit = PAGE_SIZE, ...filters } = query
      const name = `orders ${caller.userId} ${JSON.stringify(filters)}`
      const found = await read(database, (connection) =>
        listOrders(connection, {
          buyerId: caller.userId,
          status: query.status,
          placedFrom: query.placedFrom === undefined ? undefined : new Date(query.placedFrom),
          placedBefore: query.placedBefore === undefined ? undefined : new Date(query.placedBefore),
          beforeId: beforeId(name, query.cursor),
          most: Number(limit) + 1,
        }),
      )
      return pageOf({ path: '/orders', name, query }, found, {
        id: (order) => order.id,
        show: ({ id, status, currency, totalMinor, placedAt, lines }) => ({
          id,
          status,
          currency,
          totalMinor,
          placedAt: placedAt.toISOString(),
          lines: lines.map(({ productId, name, quantity }) => ({ productId, name, quantity })),
        }),
      })
    },

    readOrder: async ({ caller, params }) => orderView(await ownOrder(params.orderId, caller.userId)),

    readHistory: async ({ caller, params }) => {
      const { id } = await ownOrder(params.orderId, caller.userId)
      const events = await read(database, (connection) => listEvents(connection, id))
      return {
        items: events.map(({ type, actor, actorId, at, detail }) => ({
          type,
          actor,
          actorId,
          at: at.toISOString(),
          detail,
        })),
      }
    },

    cancelOrder: ({ caller, idempotencyKey, params, body }) =>
      cancelOrder(deps, { buyer: caller, key: idempotencyKey, orderId: params.orderId, cancel: body }),

    readPayment: async ({ caller, params }) =>
      paymentDetailsView(await ownOrder(params.orderId, caller.userId)),

    payOrder: ({ caller, idempotencyKey, params, body }) =>
      payOrder(deps, { buyer: caller, key: idempotencyKey, orderId: params.orderId, payment: body.payment }),

    listSales: async ({ caller, query }) => {
      const name = `sales ${caller.userId} ${query.status ?? ''}`
      const found = await read(database, (connection) =>
        listSales(connection, {
          sellerId: caller.userId,
          status: query.status,
          beforeId: beforeId(name, query.cursor),
          most: Number(query.limit ?? PAGE_SIZE) + 1,
        }),
      )
      return pageOf({ path: '/sales', name, query }, found, { id: (sale) => sale.order.id, show: saleView })
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
