import { afterAll, describe, expect, test } from 'bun:test'
import { type ConfirmChannel, connect } from 'amqplib'
import { Redis } from 'ioredis'
import { type Connection, createConnection } from 'mysql2/promise'
import { databases, tables } from '../system/rows.ts'
import { SERVICES, type ServiceName, settingOf } from '../system/stack.ts'

/*
 * What each service could do to the stores if somebody took it over: tried with its own account, as which the server
 * says no.
 */

/** What happened is told here, and stays told. */
const APPEND_ONLY = ['stock_movements', 'order_events']
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
    expect(await refusalOf(service, statement)).toMatch(denied)
  })

  const ledgers = tables.filter(({ database, name }) => database === own && APPEND_ONLY.includes(name))

  test.each(ledgers.map(({ name }) => name))('may add to %s, and rewrite nothing of it', async (ledger) => {
    const attempts = [
      `update ${ledger} set at = at`,
      `delete from ${ledger}`,
      `delete from ${ledger} limit 0`,
      `replace into ${ledger} select * from ${ledger}`,
      `insert into ${ledger} select * from ${ledger} limit 1 on duplicate key update at = ${ledger}.at`,
      `truncate table ${ledger}`,
      `rename table ${ledger} to gone`,
      `create trigger attacker before insert on ${ledger} for each row set new.at = new.at`,
    ]
    const allowed: string[] = []
    for (const attempt of attempts) {
      const errno = await refusalOf(service, attempt)
      if (!denied.test(errno)) allowed.push(`${attempt}: ${errno}`)
    }
    expect(allowed).toEqual([])
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

test('S44 the tables that nobody rewrites are there', () => {
  const found = tables.map(({ name }) => name).filter((name) => APPEND_ONLY.includes(name))
  expect(found.sort()).toEqual([...APPEND_ONLY].sort())
})

describe.each([
  ['inventory', 'order.cancelled.v1', 'order.stock-released'],
  ['order', 'stock.released.v1', 'inventory.order-cancelled'],
  ['user', 'order.changed.v1', 'order.stock-released'],
] as const)('S44 at the broker %s', (service, type, queue) => {
  const attempts: [string, (channel: ConfirmChannel) => Promise<unknown>][] = [
    [`announce ${type}`, (channel) => published(channel, 'bazaar', type)],
    ['publish to an exchange that is not ours', (channel) => published(channel, 'amq.topic', type)],
    [`read ${queue}`, (channel) => channel.get(queue)],
    [`listen to ${queue}`, (channel) => channel.consume(queue, () => undefined)],
    [`read ${queue}.dead`, (channel) => channel.get(`${queue}.dead`)],
    [`empty ${queue}`, (channel) => channel.purgeQueue(queue)],
    [`delete ${queue}`, (channel) => channel.deleteQueue(queue)],
    [`take ${queue} from its exchange`, (channel) => channel.unbindQueue(queue, 'bazaar', type)],
    [`have ${queue} hear of everything`, (channel) => channel.bindQueue(queue, 'bazaar', '#')],
    ['make a queue of another name', (channel) => channel.assertQueue('attacker')],
    ['make an exchange of another name', (channel) => channel.assertExchange('attacker', 'fanout')],
  ]

  test.each(attempts)('may not %s', async (_, attempt) => {
    const model = await connect(settingOf(service, 'RABBITMQ_URL'))
    model.on('error', () => undefined)
    const channel = await model.createConfirmChannel()
    const refusal = new Promise<unknown>((resolve) => channel.once('error', resolve))
    const outcome = await attempt(channel).then(
      () => 'allowed',
      () => 'refused',
    )
    expect(outcome).toBe('refused')
    expect(Reflect.get(Object(await refusal), 'code')).toBe(403)
    await model.close()
  })

  test('may not come in elsewhere, nor as somebody else', async () => {
    const url = new URL(settingOf(service, 'RABBITMQ_URL'))
    const otherPlace = new URL(url)
    otherPlace.pathname = '/%2f'
    const otherUser = new URL(url)
    otherUser.username = service === 'order' ? 'inventory' : 'order'
    const guest = Object.assign(new URL(url), { username: 'guest', password: 'guest' })
    for (const { href } of [otherPlace, otherUser, guest]) await expect(connect(href)).rejects.toThrow()
  })
})

/** The number of the error with which the server refuses a statement of a service. */
async function refusalOf(service: ServiceName, statement: string): Promise<string> {
  const connection = connections.get(service)
  if (!connection) throw new Error(`${service} is not connected to its database`)
  return connection.query(statement).then(
    () => 'allowed',
    (error: unknown) => String(Reflect.get(Object(error), 'errno')),
  )
}

/** Resolves when the broker has taken the message, rejects when it closes the channel over it. */
function published(channel: ConfirmChannel, exchange: string, routingKey: string): Promise<void> {
  return new Promise((resolve, reject) => {
    channel.once('close', () => reject(new Error('closed')))
    channel.publish(exchange, routingKey, Buffer.from('{}'), {}, (error) =>
      error ? reject(error) : resolve(),
    )
  })
}
