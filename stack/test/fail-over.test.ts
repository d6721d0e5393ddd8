import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { databaseCheck } from '@bazaar/shared/database/check'
import {
  closeDatabase,
  connectDatabase,
  type Database,
  inTransaction,
} from '@bazaar/shared/database/database'
import { connectRedis, onRedis, redisCheck } from '@bazaar/shared/process/redis'
import { startTcpProxy, type TcpProxy } from '@bazaar/shared/testing/tcp-proxy'
import { testLog } from '@bazaar/shared/testing/test-log'
import { until } from '@bazaar/shared/testing/until'
import { sql } from 'drizzle-orm'
import type { Redis } from 'ioredis'
import {
  administer,
  as,
  endStores,
  passwords,
  START_WITHIN_MS,
  startDatabase,
  startRedis,
} from './private-stores.ts'

/*
 * A store changes hands while the connections to it live on: the one that was in charge still answers, but takes no
 * changes any more, and the address that services know leads to another. A proxy is that address here.
 */

const proxies: TcpProxy[] = []

afterAll(async () => {
  await Promise.all([endStores(), ...proxies.map((proxy) => proxy.close())])
}, START_WITHIN_MS)

describe('a Redis that becomes a replica', () => {
  let one: string
  let other: string
  let inCharge: string
  let redis: Redis
  beforeAll(async () => {
    ;[one, other] = await Promise.all([startReplica(), startReplica()])
    inCharge = one
    redis = connectRedis({ url: await addressOf(() => inCharge), log: testLog })
    await until('it is connected', () => redis.status === 'ready')
  }, START_WITHIN_MS)
  afterAll(() => redis.disconnect())

  test('is left for the one that took over by writes, and by the readiness check', async () => {
    const check = redisCheck(redis)
    const write = (value: string) => wasDone(onRedis('SET anything', () => redis.set('anything', value)))
    // On a busy machine a single command may take longer than it may.
    await until('it is well', async () => (await check().catch(String)) === undefined)
    await until('it can be written to', () => write('first'))

    // Nobody has taken over yet: that is not well, and is said.
    await as(one, (admin) => admin.replicaof('127.0.0.1', new URL(other).port))
    expect(await write('nowhere')).toBe(false)
    await until(
      'it is said',
      async () => (await check().catch(String)) === 'must be the master, not a replica',
    )

    inCharge = other
    await until('it is well', async () => (await check().catch(String)) === undefined)
    await until('it can be written to', () => write('second'))
    expect(await as(other, (admin) => admin.get('anything'))).toBe('second')

    // And back, noticed by a write alone.
    await as(one, (admin) => admin.replicaof('NO', 'ONE'))
    await as(other, (admin) => admin.replicaof('127.0.0.1', new URL(one).port))
    inCharge = one
    await until('it can be written to', () => write('third'))
    expect(await as(one, (admin) => admin.get('anything'))).toBe('third')
  })
})

describe('a database that becomes read-only', () => {
  let one: string
  let other: string
  let inCharge: string
  let database: Database
  beforeAll(async () => {
    one = await startShop()
    other = await startShop()
    inCharge = one
    database = connectDatabase({ url: await addressOf(() => inCharge), poolMax: 3, log: testLog })
  }, START_WITHIN_MS)
  afterAll(() => closeDatabase(database))

  test('is left for the one that took over by writes, and by the readiness check', async () => {
    const check = databaseCheck(database)
    const write = (id: number) =>
      wasDone(inTransaction(database, (tx) => tx.execute(sql`insert into things values (${id})`)))
    expect(await Promise.all([1, 2, 3].map(write))).toEqual([true, true, true])
    expect(await check()).toBeUndefined()

    await administer(one, 'set global read_only = 1')
    expect(await Promise.all([4, 5, 6].map(write))).toEqual([false, false, false])
    expect(await check()).toBe('must not be read-only')

    inCharge = other
    await until('it is well', async () => (await check()) === undefined)
    expect(await write(7)).toBe(true)
    expect(await idsIn(other)).toEqual([7])

    // And back, noticed by writes alone, one for each connection.
    await administer(one, 'set global read_only = 0')
    await administer(other, 'set global read_only = 1')
    inCharge = one
    await until('it can be written to', () => write(8))
    expect(await idsIn(one)).toEqual([1, 2, 3, 8])
  })
})

async function wasDone(work: Promise<unknown>): Promise<boolean> {
  const [outcome] = await Promise.allSettled([work])
  return outcome.status === 'fulfilled'
}

/** The URL of whichever is in charge at the moment of a connection. */
async function addressOf(inCharge: () => string): Promise<string> {
  const proxy = await startTcpProxy(inCharge)
  proxies.push(proxy)
  const url = new URL(inCharge())
  url.port = String(proxy.port)
  return url.href
}

async function startReplica(): Promise<string> {
  const url = await startRedis()
  await as(url, async (admin) => {
    await admin.config('SET', 'masteruser', 'admin')
    await admin.config('SET', 'masterauth', passwords['admin'] ?? '')
  })
  return url
}

async function startShop(): Promise<string> {
  const url = await startDatabase()
  await administer(url, 'create table shop.things (id int primary key)')
  return url
}

async function idsIn(url: string): Promise<number[]> {
  const rows = await administer(url, 'select id from shop.things order by id')
  return rows.map(({ id }) => Number(id))
}
