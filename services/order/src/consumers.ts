import type { Broker } from '@bazaar/shared/messaging/broker'
import { type Consumer, startConsumer } from '@bazaar/shared/messaging/consumer'
import { noteStockReleased } from './cancelling/note-stock-released.ts'
import type { Deps } from './deps.ts'

/** The queue on which the news arrives that stock is back. */
export const STOCK_RELEASED = 'order.stock-released'

/** Listens to the messages of inventory. */
export function startConsumers(deps: Deps, broker: Broker): Consumer[] {
  return [
    startConsumer(broker, {
      queue: STOCK_RELEASED,
      type: 'stock.released.v1',
      handle: (message) => noteStockReleased(deps, STOCK_RELEASED, message),
    }),
  ]
}
