import type { Broker } from '@bazaar/shared/messaging/broker'
import { type Consumer, startConsumer } from '@bazaar/shared/messaging/consumer'
import type { Deps } from './deps.ts'
import { releaseReservation } from './stock/release-reservation.ts'

/** The queue on which cancellations arrive. */
export const ORDER_CANCELLED = 'inventory.order-cancelled'

/** Listens to the messages of the order service. */
export function startConsumers(deps: Deps, broker: Broker, queue = ORDER_CANCELLED): Consumer[] {
  return [
    startConsumer(broker, {
      queue,
      type: 'order.cancelled.v1',
      handle: (message) => releaseReservation(deps, ORDER_CANCELLED, message),
    }),
  ]
}
