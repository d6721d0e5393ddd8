import { afterAll, describe, expect, test } from 'bun:test'
import { connect } from 'amqplib'
import { Redis } from 'ioredis'
import { type Connection, createConnection } from 'mysql2/promise'
import { databases } from './rows.ts'
import { SERVICES, type ServiceName, settingOf } from './stack.ts'

/*
 * What each service could do to the stores if somebody took it over: tried with its own account, as which the server
 * says no.
 */

const denied = /^(1142|1044|1143|1227|1370|1045)$/
const connections = new Map<ServiceName, Connection>()
for (const service of SERVICES)
  connections.set(service, await createConnection({ uri: settingOf(service, 'DATABASE_URL') }))

afterAll(async () => {
  for (const connection of connections.values()) await connection.end()
})

describe.each([...SERVICES])('S44 %s in the database', (service) => {
  const own = new URL(settingOf(service, 'DATABASE_URL')).pathname.slice(1)
  const others = databases.filter((name) => name !== own)
  const statements = [
    ...others.flatMap((name) => [
      `select * from \`${name}\`.__drizzle_migrations`,
      `create table \`${name}\`.x (a int)`,
    ]),
    'create table x (a int)',
    'drop table __drizzle_migrations',
    'alter table __drizzle_migrations add column x int',
    'truncate table __drizzle_migrations',
    'select * from mysql.user',
    'create database attacker',
    `create user attacker`,
    'grant all on *.* to attacker',
    'set global general_log = 1',
    "select 1 into outfile '/tmp/attacker'",
  ]

  test.each(statements)('may not: %s', async (statement) => {
    const error = await connections
      .get(service)
      ?.query(statement)
      .then(
        () => undefined,
        (caught: unknown) => caught,
      )
    expect(String(Reflect.get(Object(error), 'errno'))).toMatch(denied)
  })

  test('may read its own', async () => {
    const [rows] = (await connections
      .get(service)
      ?.query('select count(*) n from information_schema.tables where table_schema = ?', [own])) ?? [[]]
    expect(JSON.stringify(rows)).not.toContain('"n":0')
  })
})

describe('S44 S20 in Redis', () => {
  test.each(['inventory', 'order'] as const)(
    '%s may look at sessions and not make, change or list them',
    async (service) => {
      const redis = new Redis(settingOf(service, 'REDIS_URL'))
      const attempts: Record<string, () => Promise<unknown>> = {
        set: () => redis.set('session:x', 'y'),
        del: () => redis.del('session:x'),
        keys: () => redis.keys('*'),
        scan: () => redis.scan(0),
        flushall: () => redis.flushall(),
        config: () => redis.config('GET', '*'),
        script: () => redis.eval("return redis.call('set', KEYS[1], 'y')", 1, 'session:x'),
        other: () => redis.get('sessions:x'),
      }
      try {
        const allowed = []
        for (const [name, attempt] of Object.entries(attempts)) {
          const refusal = await attempt().then(() => undefined, String)
          if (!/NOPERM|can't run this command|No permissions/i.test(refusal ?? ''))
            allowed.push(`${name}: ${refusal}`)
        }
        expect(allowed).toEqual([])
      } finally {
        redis.disconnect()
      }
    },
  )
})

describe('S44 at the broker', () => {
  test.each([
    ['inventory', 'order.cancelled.v1', 'order.stock-released'],
    ['order', 'stock.released.v1', 'inventory.order-cancelled'],
  ] as const)('%s may not announce %s, nor read %s', async (service, type, queue) => {
    const model = await connect(settingOf(service, 'RABBITMQ_URL'))
    model.on('error', () => undefined)
    const refusals: string[] = []
    for (const attempt of ['publish', 'consume', 'declare'] as const) {
      const channel = await model.createConfirmChannel()
      channel.on('error', (error) => refusals.push(String(Reflect.get(Object(error), 'code'))))
      const work = {
        publish: () =>
          new Promise((resolve, reject) => {
            channel.once('close', () => reject(new Error('closed')))
            channel.publish('bazaar', type, Buffer.from('{}'), {}, (error) =>
              error ? reject(error) : resolve(undefined),
            )
          }),
        consume: () => channel.get(queue),
        declare: () => channel.assertQueue('attacker'),
      }[attempt]
      expect(
        await work().then(
          () => 'allowed',
          () => 'refused',
        ),
      ).toBe('refused')
    }
    await model.close()
    expect(refusals).toEqual(['403', '403', '403'])
  })
})
