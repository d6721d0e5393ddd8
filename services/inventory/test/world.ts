import { afterAll, expect, setDefaultTimeout } from 'bun:test'
import { inventoryApi } from '@bazaar/shared/api/inventory'
import { ensureBootstrapKey, mintApiKey } from '@bazaar/shared/auth/api-keys'
import { findSession } from '@bazaar/shared/auth/sessions'
import { type Client, clientOf } from '@bazaar/shared/clients/client'
import { newId } from '@bazaar/shared/database/columns'
import { closeDatabase, connectDatabase, type Database, read } from '@bazaar/shared/database/database'
import { listen } from '@bazaar/shared/http/listen'
import { connectRedis } from '@bazaar/shared/process/redis'
import { createMetrics, type Metrics } from '@bazaar/shared/telemetry/metrics'
import { issueKey, putSession } from '@bazaar/shared/testing/callers'
import { createTestDatabase, REDIS_URL } from '@bazaar/shared/testing/stores'
import { testLog, testLogOf } from '@bazaar/shared/testing/test-log'
import { eq } from 'drizzle-orm'
import { createApp } from '../src/app.ts'
import type { NewProduct } from '../src/catalogue/create-product.ts'
import type { Deps } from '../src/deps.ts'
import { inventoryMetrics } from '../src/metrics.ts'
import { createPictures } from '../src/pictures/pictures.ts'
import { stock } from '../src/tables.ts'
import type { ProductView } from '../src/views.ts'
import { faultsInBooks } from './stock/books.ts'

/** A seller or a buyer who is logged in. */
export type Person = { session: string; userId: string }

/** The inventory service in this process, listening on a port, with a look behind. */
export type World = {
  url: string
  database: Database
  databaseUrl: string
  deps: Deps
  metrics: Metrics
  /** Calls as anyone, or with a session; failures are not repeated. */
  client: Client<typeof inventoryApi>
  /** Calls with an API key for reservations; failures are repeated, as the order service does. */
  orders: Client<typeof inventoryApi>
  bootstrapKey: string
  /** A new seller, or another session of one. */
  seller: (userId?: string, emailVerified?: boolean) => Promise<Person>
  buyer: () => Promise<Person>
  /** Offers a product; what is not given is made up. */
  offer: (seller: Person, given?: Partial<NewProduct>) => Promise<ProductView>
  /** How many units of a product can be ordered. */
  stockOf: (productId: string) => Promise<number>
  close: () => Promise<void>
}

type WorldOptions = {
  wakeRelay?: () => void
  poolMax?: number
  verifiedEmailFor?: 'selling' | 'nothing'
}

/** Far more than any test needs, also on a busy machine. */
const TEST_TIMEOUT_MS = 120_000

/** Everybody waits longer here than in production: what is tested is who gets what, not how fast. */
const PATIENCE_MS = 20_000

/**
 * Starts the inventory service for the tests of one file, and ends it after them: the books of the stock must be in order
 * then. To be called while the file is loaded.
 */
export async function openWorld(options: WorldOptions = {}): Promise<World> {
  setDefaultTimeout(TEST_TIMEOUT_MS)
  const world = await startWorld(options)
  afterAll(async () => {
    const faults = await faultsInBooks(world.database)
    await world.close()
    expect(faults).toEqual([])
  })
  return world
}

/** Starts the inventory service on a database of its own. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const stored = await createTestDatabase('inventory')
  const metrics = inventoryMetrics(createMetrics('inventory'))
  const connected = connectDatabase({ url: stored.url, poolMax: options.poolMax ?? 8, log: testLog, metrics })
  const database = {
    ...connected,
    acquireTimeoutMs: PATIENCE_MS,
    statementTimeoutMs: PATIENCE_MS,
    deadlineMs: PATIENCE_MS,
  }
  const redis = connectRedis({ url: REDIS_URL, log: testLog })
  await new Promise((resolve) => redis.once('ready', resolve))
  const deps: Deps = {
    config: {
      environment: 'test',
      reservationHoldSeconds: 900,
      verifiedEmailFor: options.verifiedEmailFor ?? 'nothing',
      cursorSecret: 'only the tests know this cursor secret',
    },
    database,
    pictures: createPictures(),
    metrics,
    log: testLog,
    wakeRelay: options.wakeRelay ?? (() => undefined),
  }
  const app = createApp(
    { ...deps, findSession: (token) => findSession(redis, token) },
    {
      health: { checks: {}, background: {}, draining: false },
      metrics,
      log: testLogOf('inventory'),
      corsOrigins: [],
    },
  )
  const listening = await listen(app, { host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${listening.port}`

  const bootstrapKey = mintApiKey('test').key
  await ensureBootstrapKey(database, bootstrapKey)
  const apiKey = await issueKey({ url }, { bootstrapKey, caller: 'order', scopes: ['reservations:write'] })
  const client = clientOf(inventoryApi, { baseUrl: url, retriesMax: 0, timeoutMs: PATIENCE_MS })

  return {
    url,
    database,
    databaseUrl: stored.url,
    deps,
    metrics,
    client,
    orders: clientOf(inventoryApi, { baseUrl: url, apiKey, timeoutMs: PATIENCE_MS }),
    bootstrapKey,
    seller: (userId = newId(), emailVerified = true) =>
      putSession(redis, { userId, userType: 'SELLER', emailVerified }),
    buyer: () => putSession(redis, { userType: 'BUYER' }),
    async offer({ session }, given = {}) {
      const body = {
        name: 'Blue enamel kettle',
        description: 'Holds a litre and a half.',
        category: 'kitchen',
        priceMinor: 2_499,
        currency: 'EUR',
        stockCount: 10,
        ...given,
      }
      return (await client.createProduct({ session, idempotencyKey: newId(), body })).body
    },
    async stockOf(productId) {
      const [row] = await read(database, (connection) =>
        connection.select().from(stock).where(eq(stock.productId, productId)),
      )
      if (!row) throw new Error('there is no stock of this product')
      return row.stockCount
    },
    async close() {
      await listening.stop()
      redis.disconnect()
      await closeDatabase(connected)
      await stored.drop()
    },
  }
}

/** What a reservation asks for: the product at its price. */
export function lineOf({ id, priceMinor, currency }: ProductView, quantity = 1) {
  return { productId: id, quantity, unitPriceMinor: priceMinor, currency }
}
