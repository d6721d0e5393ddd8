import { proveApiKey } from '@bazaar/shared/auth/api-key-check'
import { SESSION_PROOFS } from '@bazaar/shared/auth/sessions'
import { inventoryClient } from '@bazaar/shared/clients/inventory'
import { orderClient } from '@bazaar/shared/clients/order'
import { databaseCheck } from '@bazaar/shared/database/check'
import { closeDatabase, connectDatabase } from '@bazaar/shared/database/database'
import { watchRights } from '@bazaar/shared/database/rights'
import { listen } from '@bazaar/shared/http/listen'
import { frameOptions } from '@bazaar/shared/http/options'
import { COUNTING_PROOFS } from '@bazaar/shared/http/rate-limit'
import { startPostman } from '@bazaar/shared/letters/postman'
import { connectBroker } from '@bazaar/shared/messaging/broker'
import { forgetOld } from '@bazaar/shared/messaging/forget-old'
import { run } from '@bazaar/shared/process/lifecycle'
import { connectRedis, redisCheck } from '@bazaar/shared/process/redis'
import { startWorker } from '@bazaar/shared/process/worker'
import { tidyAccounts } from './accounts/close-account.ts'
import { connectIam } from './accounts/iam.ts'
import { createApp } from './app.ts'
import { readConfig } from './config.ts'
import { startConsumers } from './consumers.ts'
import type { Deps } from './deps.ts'
import { kinds, wordsOf } from './letters/words-of.ts'
import { ownTables } from './own-tables.ts'
import { workResets } from './resets/work-resets.ts'
import { STORE_PROOFS } from './sessions/store-proofs.ts'

const FORGETTING_EVERY_MS = 10 * 60 * 1000

await run('user', readConfig, async (config, life) => {
  const { log, health, metrics, atStop } = life
  const database = connectDatabase({ ...config.database, log, metrics })
  atStop('database', () => closeDatabase(database))
  health.checks['database'] = databaseCheck(database)
  const rights = watchRights({ database, own: ownTables, health, log })
  atStop('proof of rights', () => rights.stop())

  const redis = connectRedis({ url: config.redisUrl, log })
  atStop('redis', () => redis.disconnect())
  health.checks['redis'] = redisCheck(redis, [...SESSION_PROOFS, ...COUNTING_PROOFS, ...STORE_PROOFS])

  proveApiKey(health, 'iam', config.iam)

  const broker = connectBroker({ url: config.rabbitmqUrl, service: 'user', log, metrics })
  atStop('broker', () => broker.close())
  // Only letters about orders need it.
  health.background['broker'] = async () => broker.problem()

  const postman = startPostman({
    config: config.letters,
    database,
    wordsOf: (letter) => wordsOf(letter, config),
    kinds,
    log,
    metrics,
  })
  atStop('postman', () => postman.stop())

  const { sessions, attempts } = config
  const deps: Deps = {
    database,
    redis,
    iam: connectIam(config.iam),
    orders: orderClient({ baseUrl: config.orderUrl }),
    inventory: inventoryClient({ baseUrl: config.inventoryUrl }),
    sessions,
    attempts,
    postman,
    linkSecret: config.linkSecret,
    resets: { wake: () => resets.wake() },
    log,
  }
  const resets = startWorker({ name: 'resets', log, everyMs: 5_000, round: () => workResets(deps) })
  atStop('resets', () => resets.stop())
  const app = createApp(deps, frameOptions('user', { config, life, redis }))
  const listening = await listen(app, config)
  atStop('http', listening.stop)
  log.info({ port: listening.port }, 'listening')

  const tidier = startWorker({ name: 'tidier', log, everyMs: 60_000, round: () => tidyAccounts(deps) })
  atStop('tidier', () => tidier.stop())
  const forgetting = startWorker({
    name: 'forgetting',
    log,
    everyMs: FORGETTING_EVERY_MS,
    round: () => forgetOld(database, ['received messages']),
  })
  atStop('forgetting', () => forgetting.stop())

  for (const consumer of startConsumers(deps, broker)) {
    atStop(`consumer of ${consumer.queue}`, () => consumer.stop())
    health.background[`consumer of ${consumer.queue}`] = async () => consumer.problem()
  }
})
