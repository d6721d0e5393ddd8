import { afterAll, beforeAll, expect, test } from 'bun:test'
import process from 'node:process'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { removeStack } from '../src/commands/reset.ts'
import { findRunningStack } from '../src/commands/running-stack.ts'
import { stackPaths } from '../src/paths.ts'
import { chosenRow } from '../src/programs/store-rows.ts'
import { askVersions } from '../src/programs/store-versions.ts'
import { dropDatabases, ensureDatabases, SERVICES } from '../src/servers/databases.ts'
import { makeSecrets } from '../src/services/secrets.ts'
import { serviceEnvironment } from '../src/services/services.ts'
import { type Stack, startStack } from '../src/stack.ts'

const NAME = `test-versions-${process.pid}`
const SHOP = 'http://localhost:5173'
const START_WITHIN_MS = 180_000

let stack: Stack
beforeAll(async () => {
  process.env['CORS_ORIGINS'] = SHOP
  stack = await startStack({ name: NAME, except: SERVICES, external: {} })
}, START_WITHIN_MS)
afterAll(async () => {
  await stack.stop()
  await removeStack(NAME)
  delete process.env['CORS_ORIGINS']
}, START_WITHIN_MS)

test.each([...SERVICES])(
  'a stack lets the web pages of CORS_ORIGINS call %s, also when it is run by hand',
  async (name) => {
    expect(stack.environmentOf(name)['CORS_ORIGINS']?.split(',')).toContain(SHOP)
    const { wiring } = await findRunningStack(stackPaths(NAME))
    expect(serviceEnvironment(name, wiring)['CORS_ORIGINS']?.split(',')).toContain(SHOP)
  },
)

test('a stack knows what its stores are by asking them', () => {
  const { mysql, redis, rabbitmq } = stack.versions
  expect(mysql).toMatch(/^(MariaDB|MySQL) \d+\.\d+\.\d+$/)
  expect(redis).toMatch(/^(Redis|Valkey) \d+\.\d+\.\d+$/)
  expect(rabbitmq).toMatch(/^RabbitMQ \d+\.\d+\.\d+$/)
  for (const [store, begin] of Object.entries(chosenRow()?.versions ?? {}))
    expect(Reflect.get(stack.versions, store)).toStartWith(begin)
})

test('askVersions() says which store does not answer, and no password', async () => {
  const silent = new URL(stack.adminUrls.redis)
  silent.port = '1'
  const versions = await askVersions({ ...stack.adminUrls, redis: silent.href })
  expect(versions.mysql).toBe(stack.versions.mysql)
  expect(versions.redis).toStartWith('does not answer (')
  expect(versions.redis).not.toContain(silent.password)
})

test('dropDatabases() leaves nothing of a stack on a given server, and nothing else is touched', async () => {
  const given = { adminUrl: stack.adminUrls.mysql, prefix: 'bazaar_given', userHost: '%' }
  const before = await everything()
  await ensureDatabases(given, makeSecrets())
  expect(await everything()).toHaveLength(before.length + 2 * SERVICES.length + 1)
  await dropDatabases(given)
  expect(await everything()).toEqual(before)
})

/** The databases and accounts of the server. */
async function everything(): Promise<string[]> {
  const connection = await createConnection({ uri: stack.adminUrls.mysql })
  try {
    const [rows] = await connection.query<RowDataPacket[]>(
      "select concat('database ', schema_name) as name from information_schema.schemata union all select concat('account ', user) from mysql.user order by 1",
    )
    return rows.map(({ name }) => String(name))
  } finally {
    await connection.end()
  }
}
