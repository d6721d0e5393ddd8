import { ensureBootstrapKey } from '@bazaar/shared/auth/api-keys'
import { findSession, SESSION_PROOFS } from '@bazaar/shared/auth/sessions'
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
import { eventually, run } from '@bazaar/shared/process/lifecycle'
import { connectRedis, redisCheck } from '@bazaar/shared/process/redis'
import { startWorker } from '@bazaar/shared/process/worker'
import { asWork } from '@bazaar/shared/telemetry/spans'
import { createApp } from './app.ts'
import { auditStock } from './auditing/audit-stock.ts'
import { readConfig } from './config.ts'
import { startConsumers } from './consumers.ts'
import type { Deps } from './deps.ts'
import { inventoryMetrics } from './metrics.ts'
import { ownTables } from './own-tables.ts'
import { createPictures } from './pictures/pictures.ts'
import { renewWords } from './search/renew-words.ts'
import { expireReservations } from './stock/expire-reservations.ts'
import type { Overdue } from './stock/overdue-store.ts'

const EXPIRY_EVERY_MS = 5_000
const AUDIT_EVERY_MS = 60 * 60 * 1000
/** A process that keeps crashing leaves the audit to the other instances. */
const AUDIT_AFTER_MS = 60 * 1000
const FORGETTING_EVERY_MS = 10 * 60 * 1000
/** Older instances run on beside new ones for a while, and leave products behind that have to be updated. */
const RENEWAL_EVERY_MS = 10 * 60 * 1000

await run('inventory', readConfig, async (config, life) => {
  const { log, health, metrics, atStop } = life
  const database = connectDatabase({ ...config.database, log, metrics })
  atStop('database', () => closeDatabase(database))
  health.checks['database'] = databaseCheck(database)
  const rights = watchRights({ database, own: ownTables, health, log })
  atStop('proof of rights', () => rights.stop())

  const redis = connectRedis({ url: config.redisUrl, log })
  atStop('redis', () => redis.disconnect())
  // Only sellers need it: without it, buyers still see the catalogue, and orders are served.
  health.background['redis'] = redisCheck(redis, [...SESSION_PROOFS, ...COUNTING_PROOFS])

  const broker = connectBroker({ url: config.rabbitmqUrl, service: 'inventory', log, metrics })
  atStop('broker', () => broker.close())
  health.background['broker'] = async () => broker.problem()

  const relay = startRelay({ database, broker, log })
  atStop('relay', () => relay.stop())
  const outboxWatch = watchOutbox({ database, metrics, log })
  atStop('outbox watch', () => outboxWatch.stop())

  const { bootstrapApiKey } = config
  if (bootstrapApiKey) eventually(life, 'bootstrap key', () => ensureBootstrapKey(database, bootstrapApiKey))

  const deps: Deps = {
    config,
    database,
    pictures: createPictures(),
    metrics: inventoryMetrics(metrics),
    log,
    wakeRelay: relay.wake,
  }
  const app = createApp(
    { ...deps, findSession: (token) => findSession(redis, token) },
    frameOptions('inventory', { config, life, redis }),
  )
  const listening = await listen(app, config)
  atStop('http', listening.stop)
  log.info({ port: listening.port }, 'listening')

  let expiredUpTo: Overdue | undefined
  const expiry = startWorker({
    name: 'expiry',
    log,
    everyMs: EXPIRY_EVERY_MS,
    round: async () => {
      expiredUpTo = await expireReservations(deps, expiredUpTo)
      return expiredUpTo ? 'more' : 'done'
    },
  })
  atStop('expiry', () => expiry.stop())
  const forgetting = startWorker({
    name: 'forgetting',
    log,
    everyMs: FORGETTING_EVERY_MS,
    round: () => forgetOld(database),
  })
  atStop('forgetting', () => forgetting.stop())
  const renewal = startWorker({
    name: 'renewal of words',
    log,
    everyMs: RENEWAL_EVERY_MS,
    round: async () => {
      await renewWords(deps)
      return 'done'
    },
  })
  atStop('renewal of words', () => renewal.stop())
  const auditor = startWorker({
    name: 'auditor',
    log,
    firstAfterMs: AUDIT_AFTER_MS,
    everyMs: AUDIT_EVERY_MS,
    round: async () => {
      await asWork('audit stock', () => auditStock(deps))
      return 'done'
    },
  })
  atStop('auditor', () => auditor.stop())

  for (const consumer of startConsumers(deps, broker)) {
    atStop(`consumer of ${consumer.queue}`, () => consumer.stop())
    health.background[`consumer of ${consumer.queue}`] = async () => consumer.problem()
  }
})
