import type { Session } from '@bazaar/shared/auth/admission'
import { inventoryClient } from '@bazaar/shared/clients/inventory'
import { userClient } from '@bazaar/shared/clients/user'
import { newId } from '@bazaar/shared/database/columns'
import { inTransaction } from '@bazaar/shared/database/database'
import { createMetrics } from '@bazaar/shared/telemetry/metrics'
import { testLog } from '@bazaar/shared/testing/test-log'
import { sql } from 'drizzle-orm'
import { createApp } from '../../services/order/src/app.ts'
import { cancelOrder } from '../../services/order/src/cancelling/cancel-order.ts'
import { readConfig } from '../../services/order/src/config.ts'
import type { Deps } from '../../services/order/src/deps.ts'
import { orderMetrics } from '../../services/order/src/metrics.ts'
import { insertOrders, type StoredOrder } from '../../services/order/src/orders/order-store.ts'
import { insertParts, saveStatus } from '../../services/order/src/orders/status-store.ts'
import { paymentMethod } from '../../services/order/src/payment/payment.ts'
import { insertPayments } from '../../services/order/src/payment/payment-store.ts'
import { sandboxProvider } from '../../services/order/src/payment/sandbox-provider.ts'
import { completeOrders } from '../../services/order/src/placing/complete-orders.ts'
import { confirmOrder, newParts } from '../../services/order/src/placing/confirm-order.ts'
import { newOrder } from '../../services/order/src/placing/keep-order.ts'
import { deliverSale, shipSale } from '../../services/order/src/sales/move-sale.ts'
import { exampleKey, IDS } from '../examples.ts'
import type { OrderStates } from '../states.ts'
import { openOutlet } from './outlet.ts'
import {
  outageStates,
  type Provider,
  provideDatabase,
  provideFrame,
  type StateHandlers,
  serveApp,
} from './provider.ts'
import { exampleBuyer, exampleSeller, sessionStates } from './session-states.ts'

const NOWHERE = 'http://127.0.0.1:1'

/** Starts the order service as a provider. What others consume of it needs neither inventory nor user. */
export async function startOrder(): Promise<Provider> {
  const provided = await provideDatabase('order')
  const { database, direct } = provided
  const outlet = await openOutlet({ service: 'order', database: direct })
  const config = readConfig({
    PORT: '0',
    DATABASE_URL: 'mysql://127.0.0.1:1/order',
    REDIS_URL: 'redis://127.0.0.1:1',
    RABBITMQ_URL: 'amqp://127.0.0.1:1',
    INVENTORY_URL: NOWHERE,
    INVENTORY_API_KEY: exampleKey(2),
    USER_URL: NOWHERE,
    CURSOR_SECRET: 'a secret that only the contracts know, long enough',
  })
  const sessions = new Map<string, Session>()
  const deps: Deps = {
    config,
    database,
    log: testLog,
    metrics: orderMetrics(createMetrics('order')),
    inventory: inventoryClient({ baseUrl: NOWHERE, apiKey: exampleKey(2) }),
    users: userClient({ baseUrl: NOWHERE }),
    provider: sandboxProvider(direct),
    wake: { relay: () => undefined, payments: () => undefined },
  }
  const app = await serveApp(
    createApp({ ...deps, findSession: async (token) => sessions.get(token) }, provideFrame('order')),
  )
  return {
    name: 'order',
    url: app.url,
    states: {
      ...outageStates(provided),
      ...statesOf({ ...deps, database: direct }),
      ...sessionStates(sessions),
    },
    messages: {
      'order.cancelled.v1': () => outlet.next('order.cancelled.v1'),
      'order.changed.v1': () => outlet.next('order.changed.v1'),
    },
    reset: provided.empty,
    close: async () => {
      await app.stop()
      await outlet.close()
      await provided.close()
    },
  }
}

type OwnStates =
  | 'a buyer has cancelled of an order'
  | 'an order was given up because it was not paid'
  | 'an order awaits shipment'
  | 'an order was confirmed'
  | 'a seller has sent an order'
  | 'an order that was sent has arrived'

function statesOf(deps: Deps): StateHandlers<Pick<OrderStates, OwnStates>> {
  const { database } = deps

  async function place(
    order: { orderId: string; productId: string; ordered: number },
    status: 'PENDING' | 'AWAITING_PAYMENT' | 'CONFIRMED' | 'SHIPPED',
  ): Promise<StoredOrder> {
    const line = {
      productId: order.productId,
      sellerId: IDS.seller,
      name: 'Blue enamel kettle',
      unitPriceMinor: 1_999,
      quantity: order.ordered,
      cancelledQuantity: 0,
    }
    const shipTo = {
      recipient: 'Ada Lovelace',
      line1: 'Unter den Linden 5',
      city: 'Berlin',
      postalCode: '10117',
      country: 'DE',
    }
    const draft = {
      id: order.orderId,
      buyerId: IDS.buyer,
      currency: 'EUR',
      totalMinor: line.unitPriceMinor * line.quantity,
      shipTo,
      placedKeyHash: Buffer.alloc(32),
      lines: [line],
    }
    const placed = newOrder(draft, paymentMethod({ type: 'CASH_ON_DELIVERY' }), new Date())
    await inTransaction(database, async (tx) => {
      await insertOrders(tx, [placed])
      await insertPayments(tx, placed.payments)
      if (status === 'PENDING') return
      if (status === 'AWAITING_PAYMENT') {
        await saveStatus(tx, placed.id, status, { workDueAt: sql`now(3) - interval 1 second` })
        return
      }
      await saveStatus(tx, placed.id, 'CONFIRMED')
      const parts = newParts(placed)
      const sent = parts.map((part) => ({ ...part, status: 'SHIPPED' as const, shippedAt: new Date() }))
      await insertParts(tx, status === 'SHIPPED' ? sent : parts)
      await saveStatus(tx, placed.id, status)
    })
    return placed
  }

  return {
    'a buyer has cancelled of an order': {
      setup: async ({ orderId, productId, ordered, cancelled, reason }) => {
        await place({ orderId, productId, ordered }, 'CONFIRMED')
        const lines = [{ productId, quantity: cancelled }]
        const cancel = cancelled < ordered ? { reason, lines } : { reason }
        await cancelOrder(deps, { buyer: exampleBuyer(), key: newId(), orderId, cancel })
      },
    },
    'an order awaits shipment': { setup: async (order) => void (await place(order, 'CONFIRMED')) },
    'an order was confirmed': {
      setup: async (order) => {
        const placed = await place(order, 'PENDING')
        const [payment] = placed.payments
        if (payment) await confirmOrder(deps, placed, { payment, keyed: undefined })
      },
    },
    'a seller has sent an order': {
      setup: async ({ carrier, trackingNumber, ...order }) => {
        const { id: orderId } = await place(order, 'CONFIRMED')
        await shipSale(deps, { seller: exampleSeller(), orderId, shipment: { carrier, trackingNumber } })
      },
    },
    'an order that was sent has arrived': {
      setup: async (order) => {
        const { id: orderId } = await place(order, 'SHIPPED')
        await deliverSale(deps, { seller: exampleSeller(), orderId })
      },
    },
    'an order was given up because it was not paid': {
      setup: async (order) => {
        await place(order, 'AWAITING_PAYMENT')
        await completeOrders(deps)
      },
    },
  }
}
