import { inventoryApi, RESERVATIONS_MAX } from '@bazaar/shared/api/inventory'
import { read } from '@bazaar/shared/database/database'
import { hooksOf } from '@bazaar/shared/http/routes/hooks'
import { operations } from '@bazaar/shared/http/routes/operations'
import { Elysia } from 'elysia'
import { listOffers } from './catalogue/product-store.ts'
import type { Deps } from './deps.ts'
import { reservationNotFound } from './errors.ts'
import { createConfirmations } from './stock/confirm-reservation.ts'
import { createReservations } from './stock/place-reservation.ts'
import { findReservation, listReservationPage } from './stock/reservation-store.ts'
import { outcomeView, reservationView } from './views.ts'

/** The operations that the order service calls. */
export function reservationRoutes(deps: Deps) {
  const { database } = deps
  const { placeReservation, placeReservations } = createReservations(deps)
  const { confirmReservation, confirmReservations } = createConfirmations(deps)
  const inventory = hooksOf(inventoryApi)
  return new Elysia()
    .use(operations)
    .get(
      '/offers',
      async ({ query }) => {
        const productIds = idsIn(query.productIds)
        return { items: await read(database, (connection) => listOffers(connection, productIds)) }
      },
      inventory.listOffers,
    )
    .get(
      '/reservations',
      async ({ query }) => {
        const { orderIds, afterOrderId, limit = RESERVATIONS_MAX } = query
        const stored = await read(database, (connection) =>
          listReservationPage(connection, {
            orderIds: orderIds === undefined ? undefined : idsIn(orderIds),
            afterOrderId,
            most: Number(limit),
          }),
        )
        return { items: stored.map(reservationView) }
      },
      inventory.listReservations,
    )
    .put(
      '/reservations/:orderId',
      async ({ params, body }) => reservationView(await placeReservation({ ...params, lines: body.lines })),
      inventory.placeReservation,
    )
    .put(
      '/reservations',
      async ({ body: { reservations } }) => {
        const outcomes = await placeReservations(reservations)
        return { items: reservations.map(({ orderId }, index) => outcomeView(orderId, outcomes[index])) }
      },
      inventory.placeReservations,
    )
    .post(
      '/reservation-confirmations',
      async ({ body: { orderIds } }) => {
        const outcomes = await confirmReservations(orderIds)
        return { items: orderIds.map((orderId, index) => outcomeView(orderId, outcomes[index])) }
      },
      inventory.confirmReservations,
    )
    .post(
      '/reservations/:orderId/confirmation',
      async ({ params }) => reservationView(await confirmReservation(params.orderId)),
      inventory.confirmReservation,
    )
    .get(
      '/reservations/:orderId',
      async ({ params }) => {
        const stored = await read(database, (connection) => findReservation(connection, params.orderId))
        if (!stored) throw reservationNotFound()
        return reservationView(stored)
      },
      inventory.readReservation,
    )
}

/** The ids in a parameter, each once. */
function idsIn(text: string): string[] {
  return [...new Set(text.split(','))]
}
