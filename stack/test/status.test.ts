import { afterAll, beforeAll, expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'
import { until } from '@bazaar/shared/testing/until'
import { createConnection } from 'mysql2/promise'
import { removeStack } from '../src/commands/reset.ts'
import { findRunningStack } from '../src/commands/running-stack.ts'
import { judge, marketHealth } from '../src/health/market-health.ts'
import { repositoryFolder, stackPaths } from '../src/paths.ts'
import { type Stack, startStack } from '../src/stack.ts'

const NAME = `test-status-${process.pid}`
const TEST_TIMEOUT_MS = 300_000
/** Rights are proven every ten seconds. */
const NOTICED_WITHIN_MS = 90_000

let stack: Stack
beforeAll(async () => {
  stack = await startStack({ name: NAME, external: {} })
}, TEST_TIMEOUT_MS)
afterAll(async () => {
  await stack.stop()
  await removeStack(NAME)
}, TEST_TIMEOUT_MS)

test('./bazaar status of a stack that does not run answers 1', () => {
  const { status, stdout } = spawnSync(join(repositoryFolder, 'bazaar'), ['status'], {
    env: { ...process.env, BAZAAR_STACK: `${NAME}-other` },
    encoding: 'utf8',
  })
  expect(stdout).toContain('is not running')
  expect(status).toBe(1)
})

test(
  'a marketplace sells until a right that it needs is taken away, and again when it is back',
  async () => {
    const { stores } = await findRunningStack(stackPaths(NAME))
    const verdict = async () =>
      judge(await marketHealth({ urls: stack.urls, brokerUrls: stores.rabbitmqUrls }))
    await until('it sells', async () => (await verdict()).sells, NOTICED_WITHIN_MS)

    const admin = await createConnection({ uri: stores.adminUrls.mysql })
    try {
      const account = `'bazaar_inventory'@'${stores.database.userHost}'`
      await admin.query(`revoke update on bazaar_inventory.stock from ${account}`)
      const { attention } = await until(
        'it does not sell',
        async () => {
          const found = await verdict()
          return found.sells ? undefined : found
        },
        NOTICED_WITHIN_MS,
      )
      expect(attention.join('\n')).toMatch(/inventory is not ready: .*GRANT UPDATE ON .*stock/)
      // What the alert ServiceNotReady looks at.
      const metrics = await (await fetch(`${stack.urls.inventory}/metrics`)).text()
      expect(metrics).toMatch(/^service_ready\{.*\} 0$/m)

      await admin.query(`grant update on bazaar_inventory.stock to ${account}`)
      await until('it sells again', async () => (await verdict()).sells, NOTICED_WITHIN_MS)
    } finally {
      await admin.end()
    }
  },
  TEST_TIMEOUT_MS,
)
