import type { Session } from '@bazaar/shared/auth/admission'
import { newId } from '@bazaar/shared/database/columns'
import { inTransaction } from '@bazaar/shared/database/database'
import type { App } from '@bazaar/shared/http/listen'
import { createMetrics } from '@bazaar/shared/telemetry/metrics'
import { testLog } from '@bazaar/shared/testing/test-log'
import { eq, sql } from 'drizzle-orm'
import { createApp } from '../../services/inventory/src/app.ts'
import {
  findProduct,
  insertProduct,
  lockProduct,
  saveProduct,
} from '../../services/inventory/src/catalogue/product-store.ts'
import type { Deps } from '../../services/inventory/src/deps.ts'
import { inventoryMetrics } from '../../services/inventory/src/metrics.ts'
import { createPictures } from '../../services/inventory/src/pictures/pictures.ts'
import { expireReservations } from '../../services/inventory/src/stock/expire-reservations.ts'
import { createReservations } from '../../services/inventory/src/stock/place-reservation.ts'
import { releaseReservation } from '../../services/inventory/src/stock/release-reservation.ts'
import { insertStock } from '../../services/inventory/src/stock/stock-store.ts'
import { reservations } from '../../services/inventory/src/tables.ts'
import { exampleKey } from '../examples.ts'
import type { InventoryStates, SessionStates } from '../states.ts'
import { openOutlet } from './outlet.ts'
import {
  apiKeyStates,
  outageStates,
  type ProvidedDatabase,
  type Provider,
  provideDatabase,
  provideFrame,
  type StateHandlers,
  serveApp,
} from './provider.ts'
import { sessionStates } from './session-states.ts'
import { createWaitingCrowd } from './waiting-crowd.ts'

/** Starts the inventory service as a provider. */
export async function startInventory(): Promise<Provider> {
  const provided = await provideDatabase('inventory')
  const outlet = await openOutlet({ service: 'inventory', database: provided.direct })
  const deps: Deps = {
    config: {
      environment: 'test',
      reservationHoldSeconds: 900,
      verifiedEmailFor: 'nothing',
      cursorSecret: 'a secret that only the contracts know, long enough',
    },
    database: provided.database,
    pictures: createPictures(),
    metrics: inventoryMetrics(createMetrics('inventory')),
    log: testLog,
    wakeRelay: () => undefined,
  }
  const sessions = new Map<string, Session>()
  const app = createApp(
    { ...deps, findSession: async (token) => sessions.get(token) },
    provideFrame('inventory'),
  )
  const served = await serveApp(app)
  return {
    name: 'inventory',
    url: served.url,
    states: { ...statesOf(deps, provided), ...sessionStates(sessions), ...crowdStates(app, provided) },
    messages: { 'stock.released.v1': () => outlet.next('stock.released.v1') },
    reset: provided.empty,
    close: async () => {
      await served.stop()
      await outlet.close()
      await provided.close()
    },
  }
}

const TOO_MANY = 'too many wait for a product'

/** The state in which so many orders wait for a product that no other may: the others have a key of their own. */
function crowdStates(
  app: App,
  provided: ProvidedDatabase,
): StateHandlers<Pick<InventoryStates, typeof TOO_MANY>> {
  const crowd = createWaitingCrowd(app, provided.direct)
  const key = exampleKey(3)
  return {
    [TOO_MANY]: {
      setup: async (about) => {
        const holder = { key, caller: 'somebody else', scopes: ['reservations:write'] }
        await apiKeyStates(provided)['an API key'].setup(holder)
        await crowd.come({ ...about, key })
      },
      teardown: () => crowd.leave(),
    },
  }
}

function statesOf(
  deps: Deps,
  provided: ProvidedDatabase,
): StateHandlers<Omit<InventoryStates, typeof TOO_MANY | keyof SessionStates>> {
  const { direct } = provided
  const within = { ...deps, database: direct }
  const { placeReservation } = createReservations(within)

  async function hold(held: { orderId: string; productId: string; quantity: number }): Promise<void> {
    const { orderId, productId, quantity } = held
    const product = await inTransaction(direct, (tx) => findProduct(tx, productId))
    if (!product) throw new Error('say first which product there is')
    const { priceMinor: unitPriceMinor, currency } = product
    await placeReservation({ orderId, lines: [{ productId, quantity, unitPriceMinor, currency }] })
  }

  async function hearOfCancellation(
    orderId: string,
    cancelled: { cancellationId: string; productId: string; quantity: number },
  ): Promise<void> {
    const { cancellationId, productId, quantity } = cancelled
    const at = new Date().toISOString()
    await releaseReservation(within, 'contracts', {
      specversion: '1.0',
      id: newId(),
      source: '/bazaar/order',
      type: 'order.cancelled.v1',
      subject: orderId,
      time: at,
      datacontenttype: 'application/json',
      data: {
        orderId,
        cancellationId,
        lines: [{ productId, quantity }],
        reason: 'Not needed',
        cancelledAt: at,
      },
    })
  }

  return {
    ...apiKeyStates(provided),
    ...outageStates(provided),
    'a product': {
      setup: async ({ productId: id, stockCount, status, ...about }) => {
        const product = { ...about, id, description: '', category: 'kitchen', properties: {} }
        await inTransaction(direct, async (tx) => {
          await insertProduct(tx, product)
          await insertStock(tx, { productId: id, stockCount })
          const stored = await lockProduct(tx, id)
          if (stored && status !== stored.status) await saveProduct(tx, stored, { status })
        })
      },
    },
    'stock is held for an order': { setup: hold },
    'the hold of an order has run out': {
      setup: async (held) => {
        await hold(held)
        await inTransaction(direct, (tx) =>
          tx
            .update(reservations)
            .set({ expiresAt: sql`now(3) - interval 1 second` })
            .where(eq(reservations.orderId, held.orderId)),
        )
        await expireReservations(within)
      },
    },
    'an order was cancelled before it reserved anything': {
      setup: ({ orderId }) =>
        hearOfCancellation(orderId, { cancellationId: newId(), productId: newId(), quantity: 1 }),
    },
    'a cancellation was received': {
      setup: ({ orderId, ...cancelled }) => hearOfCancellation(orderId, cancelled),
    },
  }
}
