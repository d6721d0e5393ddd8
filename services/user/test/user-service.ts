import { randomInt } from 'node:crypto'
import { userApi } from '@bazaar/shared/api/user'
import { mintApiKey } from '@bazaar/shared/auth/api-keys'
import { type Client, clientOf } from '@bazaar/shared/clients/client'
import { iamClient } from '@bazaar/shared/clients/iam'
import {
  closeDatabase,
  connectDatabase,
  type Database,
  read,
  repeatably,
} from '@bazaar/shared/database/database'
import { listen } from '@bazaar/shared/http/listen'
import { connectRedis } from '@bazaar/shared/process/redis'
import { createMetrics } from '@bazaar/shared/telemetry/metrics'
import { issueKey } from '@bazaar/shared/testing/callers'
import { type RunningService, startService } from '@bazaar/shared/testing/service'
import { createTestDatabase, MYSQL_URL, REDIS_URL } from '@bazaar/shared/testing/stores'
import { testLog, testLogOf } from '@bazaar/shared/testing/test-log'
import { until } from '@bazaar/shared/testing/until'
import { eq, sql } from 'drizzle-orm'
import { createApp } from '../src/app.ts'
import type { AttemptLimits, SessionLife } from '../src/config.ts'
import type { Deps } from '../src/deps.ts'
import { users } from '../src/tables.ts'

/** For tests on servers: starting services, and hashing on a busy machine, may take longer than Bun's five seconds. */
export const TIMEOUT_MS = 120_000

/** All is more patient here than in production: a machine that is busy with tests may take long to hash a password. */
const PATIENCE_MS = 30_000

export const PASSWORD = 'tall green lamps 7'

/** The identity service as a process, and how to start it again. */
export type TestIam = {
  url: string
  apiKey: string
  database: Database
  start: () => Promise<void>
  kill: () => Promise<void>
  close: () => Promise<void>
}

/** Starts a real identity service on a database of its own. */
export async function startIam(): Promise<TestIam> {
  const stored = await createTestDatabase('iam')
  const bootstrapKey = mintApiKey('test').key
  const environment: Record<string, string> = {
    DATABASE_URL: stored.url,
    PASSWORD_PEPPER: 'a pepper that only the tests know 123',
    BCRYPT_COST: '10',
    BOOTSTRAP_API_KEY: bootstrapKey,
    LOG_LEVEL: 'info',
  }
  let running: RunningService = await startService('iam', environment)
  environment['PORT'] = String(running.port)
  const scopes = ['credentials:write', 'credentials:verify']
  const apiKey = await issueKey(running, { bootstrapKey, caller: 'user', scopes })
  const database = connectDatabase({ url: stored.url, poolMax: 2, log: testLog })
  return {
    url: running.url,
    apiKey,
    database,
    start: async () => {
      running = await startService('iam', environment)
    },
    kill: () => running.kill(),
    close: async () => {
      await closeDatabase(database)
      await running.stop()
      await stored.drop()
    },
  }
}

/** What the stand-ins for order and inventory say of everybody. Their real answers are held by the contracts. */
export type Neighbours = {
  orderIds: string[]
  productIds: string[]
  /** Called before every answer, with the session that came along: may throw what a broken connection would. */
  before: (session?: string) => void | Promise<void>
}

/** The user service under test: listening on a port, with a look behind. */
export type TestUserService = {
  url: string
  neighbours: Neighbours
  databaseUrl: string
  client: Client<typeof userApi>
  deps: Deps
  close: () => Promise<void>
}

/** Starts the user service in this process, on a database of its own. */
export async function startUserService(
  iam: { url: string; apiKey: string },
  options: {
    redisUrl?: string
    databaseUrl?: string
    sessions?: SessionLife
    attempts?: AttemptLimits
    withoutRedis?: boolean
  } = {},
): Promise<TestUserService> {
  const stored = options.databaseUrl ? undefined : await createTestDatabase('user')
  const databaseUrl = options.databaseUrl ?? stored?.url ?? MYSQL_URL
  const connected = connectDatabase({ url: databaseUrl, poolMax: 10, log: testLog })
  const database = { ...connected, acquireTimeoutMs: PATIENCE_MS, deadlineMs: PATIENCE_MS }
  const redis = connectRedis({ url: options.redisUrl ?? REDIS_URL, log: testLog })
  const neighbours: Neighbours = { orderIds: [], productIds: [], before: () => undefined }
  const deps: Deps = {
    database,
    redis,
    iam: iamClient({ baseUrl: iam.url, apiKey: iam.apiKey, timeoutMs: PATIENCE_MS, retriesMax: 1 }),
    sessions: options.sessions ?? { idleSeconds: 1_800, absoluteSeconds: 43_200 },
    // All tests come from one address.
    attempts: options.attempts ?? {
      ofLoginFromAddress: 5,
      ofLogin: 20,
      ofAddress: 1_000_000,
      firstWaitMs: 1_000,
    },
    postman: { wake: () => undefined },
    resets: { wake: () => undefined },
    linkSecret: 'a secret that only the tests know 456',
    log: testLog,
    ...standIns(neighbours),
  }
  const app = createApp(deps, {
    health: { checks: {}, background: {}, draining: false },
    metrics: createMetrics('user'),
    log: testLogOf('user'),
    corsOrigins: [],
    trustedProxies: ['127.0.0.1'],
  })
  const listening = await listen(app, { host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${listening.port}`
  if (!options.withoutRedis) await until('Redis is connected', () => redis.status === 'ready')
  return {
    url,
    neighbours,
    databaseUrl,
    // A new client each time: its circuit breaker would carry the failures of one test into the next.
    get client() {
      return clientOf(userApi, { baseUrl: url, timeoutMs: PATIENCE_MS, retriesMax: 0 })
    },
    deps,
    close: async () => {
      await listening.stop()
      redis.disconnect()
      await closeDatabase(database)
      await stored?.drop()
    },
  }
}

function standIns(neighbours: Neighbours): Pick<Deps, 'orders' | 'inventory'> {
  const headers = new Headers()
  return {
    orders: {
      listOpenOrders: async ({ session }) => {
        await neighbours.before(session)
        return { status: 200, body: { orderIds: neighbours.orderIds, more: false }, headers }
      },
    },
    inventory: {
      stopSelling: async ({ session }) => {
        await neighbours.before(session)
        return { status: 200, body: { productIds: neighbours.productIds }, headers }
      },
    },
  }
}

/** What somebody new would send to sign up. */
export function newcomer(type: 'BUYER' | 'SELLER' = 'BUYER') {
  const number = randomInt(1e11, 9e11)
  return {
    type,
    name: `Ada ${number}`,
    email: `ada.${number}@example.com`,
    mobileNumber: `+49${number}`,
    password: PASSWORD,
  }
}

/** Signs somebody up and logs them in. */
export async function member({ client }: TestUserService, type: 'BUYER' | 'SELLER' = 'BUYER') {
  const signUp = newcomer(type)
  const { body: user } = await client.signUp({ body: signUp })
  const { session, sessionId } = await logIn({ client }, signUp.email)
  return { ...signUp, id: user.id, session, sessionId }
}

/** Logs somebody in. */
export async function logIn(
  { client }: Pick<TestUserService, 'client'>,
  login: string,
  password: string = PASSWORD,
) {
  return (await client.logIn({ body: { login, password } })).body
}

/** The rows of all who hold the e-mail address. */
export async function rowsOf({ deps }: TestUserService, email: string) {
  return read(deps.database, (connection) =>
    connection.select().from(users).where(eq(users.email, email.toLowerCase())),
  )
}

/** Ages a sign-up, as if its last attempt were two days ago. */
export async function makeOld({ deps }: TestUserService, email: string): Promise<void> {
  await repeatably(deps.database, (connection) =>
    connection
      .update(users)
      .set({
        createdAt: sql`${users.createdAt} - interval 2 day`,
        changedAt: sql`${users.changedAt} - interval 2 day`,
      })
      .where(eq(users.email, email)),
  )
}

/** Whether the session is let in. */
export async function isValid({ url }: Pick<TestUserService, 'url'>, session: string): Promise<boolean> {
  const answer = await fetch(`${url}/users/me`, { headers: { session } })
  await answer.body?.cancel()
  if (answer.status !== 200 && answer.status !== 401) throw new Error(`unexpected status ${answer.status}`)
  return answer.status === 200
}
