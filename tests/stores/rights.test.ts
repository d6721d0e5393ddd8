import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { SESSION_PROOFS } from '@bazaar/shared/auth/sessions'
import { closeDatabase, connectDatabase } from '@bazaar/shared/database/database'
import { missingRights } from '@bazaar/shared/database/rights'
import { COUNTING_PROOFS } from '@bazaar/shared/http/rate-limit'
import { connectRedis, missingRedisRight } from '@bazaar/shared/process/redis'
import { startService } from '@bazaar/shared/testing/service'
import { REDIS_URL } from '@bazaar/shared/testing/stores'
import { testLog } from '@bazaar/shared/testing/test-log'
import { until } from '@bazaar/shared/testing/until'
import { SERVICES, type ServiceName } from '@bazaar/stack/servers/databases'
import { accessRules } from '@bazaar/stack/servers/redis'
import type { Redis } from 'ioredis'
import type mysql from 'mysql2/promise'
import { ownTables as iam } from '../../services/iam/src/own-tables.ts'
import { ownTables as inventory } from '../../services/inventory/src/own-tables.ts'
import { ownTables as order } from '../../services/order/src/own-tables.ts'
import { ownTables as user } from '../../services/user/src/own-tables.ts'
import { STORE_PROOFS } from '../../services/user/src/sessions/store-proofs.ts'
import { createDatabases, type Databases } from './marketplace.ts'

/*
 * The services run with the accounts that a stack gives them, and no right too many. Here each right is taken from them
 * in turn, and each time they must say which one is missing.
 */

setDefaultTimeout(120_000)

const OWN_TABLES = { iam, user, inventory, order }
let databases: Databases

beforeAll(async () => {
  databases = await createDatabases()
})
afterAll(() => databases.drop())

/** What the service finds missing, on a connection that is new: rights on a whole database are read when it is opened. */
async function missingOf(service: ServiceName): Promise<string[]> {
  const database = connectDatabase({ url: databases.urlOf(service), poolMax: 1, log: testLog })
  try {
    return await missingRights(database, OWN_TABLES[service])
  } finally {
    await closeDatabase(database)
  }
}

/** The tables in which the service may change rows, as the server has it. */
async function changeableTables(service: ServiceName): Promise<string[]> {
  const [rows] = await databases.admin.query<mysql.RowDataPacket[]>(
    `select table_name as name from information_schema.table_privileges
     where grantee = ? and table_schema = ? and privilege_type = 'UPDATE' order by 1`,
    [databases.accountOf(service), databases.nameOf(service)],
  )
  return rows.map((row) => String(row['name']))
}

describe.each([...SERVICES])('the account of %s', (service) => {
  test('has every right that the service needs', async () => {
    expect(await missingOf(service)).toEqual([])
  })

  test.each(['UPDATE', 'DELETE'])('is told by name which %s on which table it lacks', async (right) => {
    const tables = await changeableTables(service)
    expect(tables.length).toBeGreaterThan(0)
    for (const table of tables) {
      const place = `\`${databases.nameOf(service)}\`.\`${table}\``
      await databases.admin.query(`revoke ${right} on ${place} from ${databases.accountOf(service)}`)
      const missing = await missingOf(service)
      expect(missing).toEqual([`GRANT ${right} ON ${place} TO ${databases.accountOf(service)}`])
      // What an operator is told to do is done here word by word.
      for (const grant of missing) await databases.admin.query(grant)
      expect(await missingOf(service)).toEqual([])
    }
  })

  test.each(['SELECT', 'INSERT'])('is told by name where it lacks %s', async (right) => {
    const pattern = `\`${databases.nameOf(service).replaceAll('_', '\\_')}\`.*`
    await databases.admin.query(`revoke ${right} on ${pattern} from ${databases.accountOf(service)}`)
    const missing = await missingOf(service)
    expect(missing.length).toBeGreaterThan(0)
    for (const grant of missing) {
      expect(grant).toStartWith(`GRANT ${right} ON \`${databases.nameOf(service)}\`.`)
      await databases.admin.query(grant)
    }
    expect(await missingOf(service)).toEqual([])
    await databases.admin.query(`grant ${right} on ${pattern} to ${databases.accountOf(service)}`)
  })
})

test('a running service is not ready while a right is missing, and says which one', async () => {
  const service = await startService('inventory', {
    DATABASE_URL: databases.urlOf('inventory'),
    REDIS_URL,
    // No broker: a second consumer would take the messages of others.
    RABBITMQ_URL: 'amqp://guest:guest@127.0.0.1:1',
    CURSOR_SECRET: 'only this test knows this cursor secret',
  })
  try {
    const place = `\`${databases.nameOf('inventory')}\`.\`stock\``
    const grant = `GRANT UPDATE ON ${place} TO ${databases.accountOf('inventory')}`
    await databases.admin.query(`revoke update on ${place} from ${databases.accountOf('inventory')}`)
    await until('readiness names the right', async () => {
      const answer = await fetch(`${service.url}/health/ready`)
      const body = await answer.text()
      return answer.status === 503 && body.includes(JSON.stringify(grant).slice(1, -1))
    })
    expect(service.output.join('\n')).toContain('rights are missing')
    await databases.admin.query(grant)
    await until('the service is ready again', async () => (await fetch(`${service.url}/health/ready`)).ok)
  } finally {
    await service.stop()
  }
})

describe.each([
  ['order', [...SESSION_PROOFS, ...COUNTING_PROOFS]],
  ['inventory', [...SESSION_PROOFS, ...COUNTING_PROOFS]],
  ['user', [...SESSION_PROOFS, ...COUNTING_PROOFS, ...STORE_PROOFS]],
] as const)('the account of %s in Redis', (service, proofs) => {
  const name = `rights-${randomBytes(4).toString('hex')}`
  const password = 'only this test knows'
  let root: Redis
  let redis: Redis

  beforeAll(async () => {
    root = connectRedis({ url: REDIS_URL, log: testLog })
    await once(root, 'ready')
    const [, rules = ''] =
      new RegExp(`^user ${service} on \\S+ (.*)$`, 'm').exec(accessRules(databases.secrets.passwords)) ?? []
    await root.call('acl', 'setuser', name, 'on', `>${password}`, ...rules.split(' '))
    const url = Object.assign(new URL(REDIS_URL), { username: name, password })
    redis = connectRedis({ url: url.href, log: testLog })
    await once(redis, 'ready')
  })
  afterAll(async () => {
    redis.disconnect()
    await root.call('acl', 'deluser', name)
    root.disconnect()
  })

  test('may do all that the service does', async () => {
    expect(await missingRedisRight(redis, proofs)).toBeUndefined()
  })

  test('is told by name what it may not do, each in turn', async () => {
    for (const command of new Set(proofs.map(([command]) => command))) {
      await root.call('acl', 'setuser', name, `-${command}`)
      expect(await missingRedisRight(redis, proofs)).toContain(`the right to ${command} `)
      await root.call('acl', 'setuser', name, `+${command}`)
    }
    expect(await missingRedisRight(redis, proofs)).toBeUndefined()
  })

  test('is told which keys it may not touch', async () => {
    await root.call('acl', 'setuser', name, 'resetkeys')
    expect(await missingRedisRight(redis, proofs)).toContain('the right to get session:proof')
  })
})
