import { orderApi } from '@bazaar/shared/api/order'
import { type Reader, read } from '@bazaar/shared/database/database'
import { lastIdOf, mostOf, type Position, pageOf } from '@bazaar/shared/http/pages'
import { hooksOf } from '@bazaar/shared/http/routes/hooks'
import { operations } from '@bazaar/shared/http/routes/operations'
import { send } from '@bazaar/shared/http/send'
import { Elysia } from 'elysia'
import {
  listCancellations,
  listRefunds,
  type PageOf,
  type StoredRefund,
} from './cancelling/cancellation-store.ts'
import type { Deps } from './deps.ts'
import { orderNotFound } from './errors.ts'
import { listEvents } from './orders/event-store.ts'
import { findOrder, isOrderOf, type OrderWithRefunds } from './orders/order-store.ts'
import { cancellationView, eventView, orderView, paymentDetailsView, refundView } from './views.ts'

/** Most orders have fewer events, cancellations and refunds than this. */
const PAGE_SIZE_OF_ORDER = 100

/** The operations that read one order of the caller, and what belongs to it. */
export function oneOrderRoutes(deps: Deps) {
  return new Elysia().use(reading(deps)).use(parts(deps))
}

function reading(deps: Deps) {
  const order = hooksOf(orderApi)
  return new Elysia()
    .use(operations)
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
