import { proveApiKey } from '@bazaar/shared/auth/api-key-check'
import { findSession, SESSION_PROOFS } from '@bazaar/shared/auth/sessions'
import { inventoryClient } from '@bazaar/shared/clients/inventory'
import { userClient } from '@bazaar/shared/clients/user'
import { databaseCheck } from '@bazaar/shared/database/check'
import { closeDatabase, connectDatabase } from '@bazaar/shared/database/database'
import { watchRights } from '@bazaar/shared/database/rights'
import { listen } from '@bazaar/shared/http/listen'
import { frameOptions } from '@bazaar/shared/http/options'
import { COUNTING_PROOFS } from '@bazaar/shared/http/rate-limit'
import { connectBroker } from '@bazaar/shared/messaging/broker'
import { forgetOld } from '@bazaar/shared/messaging/forget-old'
import { startRelay } from '@bazaar/shared/messaging/relay'
import { watchOutbox } from '@bazaar/shared/messaging/watch-outbox'
import { run } from '@bazaar/shared/process/lifecycle'
import { connectRedis, redisCheck } from '@bazaar/shared/process/redis'
import { startWorker } from '@bazaar/shared/process/worker'
import { asWork } from '@bazaar/shared/telemetry/spans'
import { createApp } from './app.ts'
import { readConfig } from './config.ts'
import { startConsumers } from './consumers.ts'
import type { Deps } from './deps.ts'
import { orderMetrics } from './metrics.ts'
import { ownTables } from './own-tables.ts'
import { providerWithSpans } from './payment/provider-spans.ts'
import { sandboxProvider } from './payment/sandbox-provider.ts'
import { workPayments } from './payment/work-payments.ts'
import { completeOrders } from './placing/complete-orders.ts'
import { watchPending } from './placing/watch-pending.ts'
import { reconcileOrders } from './reconciling/reconcile-orders.ts'

const RECONCILE_EVERY_MS = 10 * 60 * 1000
/** Older orders were compared before. They change only by cancellations, which are compared until they are done. */
const RECONCILED_HOURS = 1
/** A process that keeps crashing leaves the comparison to the other instances. */
const RECONCILE_AFTER_MS = 60 * 1000
const FORGETTING_EVERY_MS = 10 * 60 * 1000

await run('order', readConfig, async (config, life) => {
  const { log, health, metrics, atStop } = life
  const database = connectDatabase({ ...config.database, log, metrics })
  atStop('database', () => closeDatabase(database))
  health.checks['database'] = databaseCheck(database)
  const rights = watchRights({ database, own: ownTables, health, log })
  atStop('proof of rights', () => rights.stop())

  const redis = connectRedis({ url: config.redisUrl, log })
  atStop('redis', () => redis.disconnect())
  health.checks['redis'] = redisCheck(redis, [...SESSION_PROOFS, ...COUNTING_PROOFS])

  const { url: baseUrl, apiKey } = config.inventory
  proveApiKey(health, 'inventory', { baseUrl, apiKey })

  const broker = connectBroker({ url: config.rabbitmqUrl, service: 'order', log, metrics })
  atStop('broker', () => broker.close())
  health.background['broker'] = async () => broker.problem()

  const relay = startRelay({ database, broker, log })
  atStop('relay', () => relay.stop())
  const outboxWatch = watchOutbox({ database, metrics, log })
  atStop('outbox watch', () => outboxWatch.stop())
  const pendingWatch = watchPending({ database, metrics, log })
  atStop('pending watch', () => pendingWatch.stop())

  const deps: Deps = {
    config,
    database,
    log,
    metrics: orderMetrics(metrics),
    inventory: inventoryClient({ baseUrl, apiKey }),
    users: userClient({ baseUrl: config.userUrl }),
    provider: providerWithSpans(sandboxProvider(database)),
    wake: { relay: relay.wake, payments: () => payments.wake() },
  }
  const completer = startWorker({ name: 'completer', log, everyMs: 1_000, round: () => completeOrders(deps) })
  const payments = startWorker({ name: 'payments', log, everyMs: 1_000, round: () => workPayments(deps) })
  const reconciler = startWorker({
    name: 'reconciler',
    log,
    firstAfterMs: RECONCILE_AFTER_MS,
    everyMs: RECONCILE_EVERY_MS,
    round: async () => {
      const range = { hours: RECONCILED_HOURS, repair: true }
      await asWork('reconcile orders', () => reconcileOrders(deps, range))
      return 'done'
    },
  })
  const forgetting = startWorker({
    name: 'forgetting',
    log,
    everyMs: FORGETTING_EVERY_MS,
    round: () => forgetOld(database),
  })
  atStop('forgetting', () => forgetting.stop())
  atStop('reconciler', () => reconciler.stop())
  atStop('payments', () => payments.stop())
  atStop('completer', () => completer.stop())

  const app = createApp(
    { ...deps, findSession: (token) => findSession(redis, token) },
    frameOptions('order', { config, life, redis }),
  )
  const listening = await listen(app, config)
  atStop('http', listening.stop)
  log.info({ port: listening.port }, 'listening')

  for (const consumer of startConsumers(deps, broker)) {
    atStop(`consumer of ${consumer.queue}`, () => consumer.stop())
    health.background[`consumer of ${consumer.queue}`] = async () => consumer.problem()
  }
})
