import { iamApi } from '@bazaar/shared/api/iam'
import { ensureBootstrapKey, mintApiKey } from '@bazaar/shared/auth/api-keys'
import { type Client, clientOf } from '@bazaar/shared/clients/client'
import { closeDatabase, connectDatabase, type Database } from '@bazaar/shared/database/database'
import { listen } from '@bazaar/shared/http/listen'
import { createMetrics } from '@bazaar/shared/telemetry/metrics'
import { issueKey } from '@bazaar/shared/testing/callers'
import { createTestDatabase } from '@bazaar/shared/testing/stores'
import { testLog, testLogOf } from '@bazaar/shared/testing/test-log'
import { createApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import { createPasswords } from '../src/passwords.ts'

/** For tests on servers: starting services, and hashing on a busy machine, may take longer than Bun's five seconds. */
export const TIMEOUT_MS = 120_000

/** A machine that is busy with tests may take long for what is quick elsewhere. */
const PATIENCE_MS = 30_000

export const PEPPER = 'a pepper that only the tests know 123'

/** The identity service under test: listening on a port, with a look behind. */
export type TestIam = {
  url: string
  databaseUrl: string
  database: Database
  /** A key that opens `keys:manage` and nothing else. */
  bootstrapKey: string
  /** A key that opens all that there is about credentials. */
  key: string
  /** A new client; each has a circuit breaker of its own. */
  client: (key?: string) => Client<typeof iamApi>
  close: () => Promise<void>
}

/** Starts the identity service in this process; on a database of its own unless one is given. */
export async function startIam(
  options: { databaseUrl?: string; bcryptCost?: number; pepper?: string; previousPepper?: string } = {},
): Promise<TestIam> {
  const stored = options.databaseUrl ? undefined : await createTestDatabase('iam')
  const databaseUrl = options.databaseUrl ?? stored?.url ?? ''
  const config = readConfig({
    ENVIRONMENT: 'test',
    PORT: '0',
    DATABASE_URL: databaseUrl,
    PASSWORD_PEPPER: options.pepper ?? PEPPER,
    PASSWORD_PEPPER_PREVIOUS: options.previousPepper,
    BCRYPT_COST: String(options.bcryptCost ?? 10),
  })
  const connected = connectDatabase({ ...config.database, log: testLog })
  const database = { ...connected, acquireTimeoutMs: PATIENCE_MS, deadlineMs: PATIENCE_MS }
  const bootstrapKey = mintApiKey('test').key
  await ensureBootstrapKey(database, bootstrapKey)
  const passwords = await createPasswords({
    pepper: config.pepper,
    previousPepper: config.previousPepper,
    cost: config.bcryptCost,
  })
  const app = createApp(
    { config, database, passwords, log: testLog },
    {
      health: { checks: {}, background: {}, draining: false },
      metrics: createMetrics('iam'),
      log: testLogOf('iam'),
      corsOrigins: [],
    },
  )
  const listening = await listen(app, config)
  const url = `http://127.0.0.1:${listening.port}`
  const scopes = ['credentials:write', 'credentials:verify']
  const key = await issueKey({ url }, { bootstrapKey, caller: 'user', scopes })
  return {
    url,
    databaseUrl,
    database,
    bootstrapKey,
    key,
    client: (apiKey = key) =>
      clientOf(iamApi, { baseUrl: url, apiKey, timeoutMs: PATIENCE_MS, retriesMax: 0 }),
    close: async () => {
      await listening.stop()
      await closeDatabase(database)
      await stored?.drop()
    },
  }
}
