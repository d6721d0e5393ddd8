import type { Broker } from '@bazaar/shared/messaging/broker'
import { type Consumer, startConsumer } from '@bazaar/shared/messaging/consumer'
import type { Deps } from './deps.ts'
import { tellOfOrder } from './orders/tell-of-order.ts'

/** The queue on which the news arrives that something happened to an order. */
export const ORDER_CHANGED = 'user.order-changed'

/** Listens to the messages of order. */
export function startConsumers(
  deps: Pick<Deps, 'database' | 'postman' | 'log'>,
  broker: Broker,
  queue: string = ORDER_CHANGED,
): Consumer[] {
  return [
    startConsumer(broker, {
      queue,
      type: 'order.changed.v1',
      handle: (message) => tellOfOrder(deps, queue, message),
    }),
  ]
}
