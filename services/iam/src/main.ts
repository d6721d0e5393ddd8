import { ensureBootstrapKey } from '@bazaar/shared/auth/api-keys'
import { databaseCheck } from '@bazaar/shared/database/check'
import { closeDatabase, connectDatabase } from '@bazaar/shared/database/database'
import { watchRights } from '@bazaar/shared/database/rights'
import { listen } from '@bazaar/shared/http/listen'
import { frameOptions } from '@bazaar/shared/http/options'
import { eventually, run } from '@bazaar/shared/process/lifecycle'
import { createApp } from './app.ts'
import { readConfig } from './config.ts'
import { watchPasswords } from './metrics.ts'
import { ownTables } from './own-tables.ts'
import { createPasswords } from './passwords.ts'

await run('iam', readConfig, async (config, life) => {
  const { log, health, metrics, atStop } = life
  const database = connectDatabase({ ...config.database, log, metrics })
  atStop('database', () => closeDatabase(database))
  health.checks['database'] = databaseCheck(database)
  const rights = watchRights({ database, own: ownTables, health, log })
  atStop('proof of rights', () => rights.stop())

  const { bootstrapApiKey } = config
  if (bootstrapApiKey) eventually(life, 'bootstrap key', () => ensureBootstrapKey(database, bootstrapApiKey))

  const passwords = await createPasswords({
    pepper: config.pepper,
    previousPepper: config.previousPepper,
    cost: config.bcryptCost,
  })
  watchPasswords(metrics, passwords)
  const app = createApp({ config, database, passwords, log }, frameOptions('iam', { config, life }))
  const listening = await listen(app, config)
  atStop('http', listening.stop)
  log.info({ port: listening.port }, 'listening')
})
