import { listen } from '@bazaar/shared/http/listen'
import { run } from '@bazaar/shared/process/lifecycle'
import { createApp } from './app.tsx'
import { readConfig } from './config.ts'

await run('shop', readConfig, async (config, life) => {
  const app = createApp(config, life)
  const listening = await listen(app, config)
  life.atStop('http', listening.stop)
  life.log.info({ port: listening.port }, 'listening')
})
