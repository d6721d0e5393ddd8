import { apiKeys, parseApiKey } from '@bazaar/shared/auth/api-keys'
import { closeDatabase, connectDatabase, type Database, repeatably } from '@bazaar/shared/database/database'
import type { FrameOptions } from '@bazaar/shared/http/frame'
import { type App, listen } from '@bazaar/shared/http/listen'
import { createMetrics } from '@bazaar/shared/telemetry/metrics'
import { createTestDatabase } from '@bazaar/shared/testing/stores'
import { startTcpProxy } from '@bazaar/shared/testing/tcp-proxy'
import { testLog, testLogOf } from '@bazaar/shared/testing/test-log'
import { sql } from 'drizzle-orm'

/** Brings a state about, and undoes what the next interaction must not find. */
export type StateHandler<Params> = {
  setup: (params: Params) => Promise<void>
  teardown?: (params: Params) => Promise<void>
}

/** A handler for every state of a provider: one that is missing does not compile. */
export type StateHandlers<States> = { [Name in keyof States]: StateHandler<States[Name]> }

/** A message as a consumer would get it from the broker. */
export type SentMessage = {
  /** What travels beside the content. `mediaType` is AMQP's content type. */
  metadata: { routingKey: string; type: string; messageId: string; mediaType: string }
  content: unknown
}

/** A real service, on a database of its own, that can be put into every state its consumers speak of. */
export type Provider = {
  name: string
  url: string
  states: Record<string, StateHandler<never>>
  /** For each message that somebody consumes: does what causes it, and answers what then came out of the broker. */
  messages: Record<string, () => Promise<SentMessage>>
  /** Makes the world as it was at the start; called before each interaction. */
  reset: () => Promise<void>
  close: () => Promise<void>
}

/** A database of a service's own behind a proxy, so that it can be away for the service and not for us. */
export type ProvidedDatabase = {
  /** As the service reaches it. */
  database: Database
  /** As the state handlers reach it. */
  direct: Database
  setReachable: (reachable: boolean) => Promise<void>
  /** Empties all tables. */
  empty: () => Promise<void>
  close: () => Promise<void>
}

/** Longer than in production: a state takes as long as it takes until it is there. */
const PATIENCE_MS = 20_000

/** Creates the database of a service, and the proxy. */
export async function provideDatabase(service: string): Promise<ProvidedDatabase> {
  const stored = await createTestDatabase(service)
  const proxy = await startTcpProxy(stored.url)
  const patience = {
    acquireTimeoutMs: PATIENCE_MS,
    statementTimeoutMs: PATIENCE_MS,
    deadlineMs: PATIENCE_MS,
  }
  const database = { ...connectDatabase({ url: proxy.url, poolMax: 10, log: testLog }), ...patience }
  const direct = { ...connectDatabase({ url: stored.url, poolMax: 4, log: testLog }), ...patience }
  for (const { pool } of [database, direct]) {
    pool.on('connection', (connection) => {
      connection.query('set session innodb_lock_wait_timeout = 20 /*M! , idle_transaction_timeout = 0 */')
    })
  }
  const [tables] = await repeatably(direct, (connection) =>
    connection.execute(
      sql`select table_name as name from information_schema.tables where table_schema = ${stored.name}
          and table_name not like '\\_\\_drizzle%'`,
    ),
  )
  const names = namesIn(tables)
  return {
    database,
    direct,
    setReachable: (reachable) => proxy.setMode(reachable ? 'pass' : 'refuse'),
    empty: () =>
      repeatably(direct, async (connection) => {
        await connection.execute(sql`set foreign_key_checks = 0`)
        for (const name of names) await connection.execute(sql`delete from ${sql.identifier(name)}`)
        await connection.execute(sql`set foreign_key_checks = 1`)
      }),
    close: async () => {
      await Promise.all([closeDatabase(database), closeDatabase(direct)])
      await proxy.close()
      await stored.drop()
    },
  }
}

function namesIn(rows: unknown): string[] {
  if (!Array.isArray(rows)) throw new Error('the database does not say which tables it has')
  return rows.map((row: { name: string }) => row.name)
}

/** What a service is served with here. */
export function provideFrame(service: string): FrameOptions {
  return {
    health: { checks: {}, background: {}, draining: false },
    metrics: createMetrics(service),
    log: testLogOf(service),
    corsOrigins: [],
  }
}

/** Listens on a free port. */
export async function serveApp(app: App): Promise<{ url: string; stop: () => Promise<void> }> {
  const { port, stop } = await listen(app, { host: '127.0.0.1', port: 0 })
  return { url: `http://127.0.0.1:${port}`, stop }
}

/** The states of the API keys of a service: the key of the pact itself is accepted, or not any more. */
export function apiKeyStates({ direct }: ProvidedDatabase) {
  type Key = { key: string; caller: string; scopes: string[] }
  const insert = ({ key, caller, scopes }: Key, isRevoked: boolean) =>
    repeatably(direct, async (connection) => {
      const parsed = parseApiKey(key)
      if (!parsed) throw new Error('the key of the pact is not in the form of a key')
      const now = sql`now(3)`
      await connection.insert(apiKeys).values({
        ...parsed,
        caller,
        scopes,
        createdAt: now,
        expiresAt: sql`now(3) + interval 1 day`,
        ...(isRevoked ? { revokedAt: now } : {}),
      })
    })
  return {
    'an API key': { setup: (key: Key) => insert(key, false) },
    'an API key that was revoked': { setup: (key: Key) => insert(key, true) },
  }
}

/** The state in which a service cannot reach its database: the connections break and no new ones are made. */
export function outageStates({ setReachable }: ProvidedDatabase) {
  return {
    'the database cannot be reached': {
      setup: () => setReachable(false),
      teardown: () => setReachable(true),
    },
  }
}
