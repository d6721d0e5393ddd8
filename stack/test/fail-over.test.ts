import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
import { Redis } from 'ioredis'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { stackPaths } from '../src/paths.ts'
import { portTaker } from '../src/processes/ports.ts'
import { type Supervised, supervise } from '../src/processes/supervisor.ts'
import { storePrograms } from '../src/programs/store-programs.ts'
import { chosenRow } from '../src/programs/store-rows.ts'
import { databaseAdminUrl, prepareDatabase } from '../src/servers/database-server.ts'
import { prepareRedis, redisUrl } from '../src/servers/redis.ts'
import { makeSecrets } from '../src/services/secrets.ts'

/*
 * A store changes hands while the connections to it live on: the one that was in charge still answers, but takes no
 * changes any more, and the address that services know leads to another. A proxy is that address here.
 */

const START_WITHIN_MS = 120_000
const takePort = portTaker()
const running: Supervised[] = []
const folders: string[] = []
const proxies: TcpProxy[] = []

afterAll(async () => {
  await Promise.all([...running.map((server) => server.stop()), ...proxies.map((proxy) => proxy.close())])
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true })))
}, START_WITHIN_MS)

describe('a Redis that becomes a replica', () => {
  let one: string
  let other: string
  let inCharge: string
  let redis: Redis
  beforeAll(async () => {
    ;[one, other] = await Promise.all([startRedis(), startRedis()])
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
    one = await startDatabase()
    other = await startDatabase()
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

async function newPaths() {
  const folder = await mkdtemp(join(tmpdir(), 'bazaar-fail-over-'))
  folders.push(folder)
  return { ...stackPaths('any'), folder, stores: folder, logs: folder, run: folder }
}

/** The same passwords everywhere, as the parts of one replicated store have them. */
const secrets = makeSecrets()

/** Those that the tests were told to run on, or the machine's. */
function programs() {
  return storePrograms(chosenRow(), {
    needed: ['mysql', 'redis'],
    note: () => undefined,
    signal: AbortSignal.timeout(START_WITHIN_MS),
  })
}

async function startRedis(): Promise<string> {
  const paths = await newPaths()
  const access = { port: await takePort(), passwords: secrets.passwords }
  const { redis = '', root } = await programs()
  const server = supervise(await prepareRedis(redis, { paths, access, root }), {
    paths,
    onEvent: () => undefined,
  })
  running.push(server)
  await server.ready
  const url = redisUrl(access, 'admin')
  await as(url, async (admin) => {
    await admin.config('SET', 'masteruser', 'admin')
    await admin.config('SET', 'masterauth', access.passwords['admin'] ?? '')
  })
  return url
}

async function as<T>(url: string, work: (admin: Redis) => Promise<T>): Promise<T> {
  const admin = new Redis(url)
  try {
    return await work(admin)
  } finally {
    admin.disconnect()
  }
}

async function startDatabase(): Promise<string> {
  const paths = await newPaths()
  const access = { port: await takePort(), adminPassword: 'of-the-administrator' }
  const { mysql, root } = await programs()
  if (!mysql) throw new Error('There is no MariaDB or MySQL on this machine')
  const server = supervise(
    await prepareDatabase(mysql, {
      paths,
      access,
      root,
      signal: new AbortController().signal,
    }),
    {
      paths,
      onEvent: () => undefined,
    },
  )
  running.push(server)
  await server.ready
  const admin = databaseAdminUrl(access)
  await administer(admin, 'create database shop')
  await administer(admin, 'create table shop.things (id int primary key)')
  await administer(admin, "create user service@'127.0.0.1' identified by 'of-the-service'")
  await administer(admin, "grant all on shop.* to service@'127.0.0.1'")
  return `mysql://service:of-the-service@127.0.0.1:${access.port}/shop`
}

async function idsIn(url: string): Promise<number[]> {
  const rows = await administer(url, 'select id from things order by id')
  return rows.map(({ id }) => Number(id))
}

/** Has the administrator do something on the server of an account. */
async function administer(url: string, statement: string): Promise<RowDataPacket[]> {
  const { port } = new URL(url)
  const admin = await createConnection({
    uri: databaseAdminUrl({ port: Number(port), adminPassword: 'of-the-administrator' }),
    ...(url.endsWith('/shop') ? { database: 'shop' } : {}),
  })
  const [rows] = await admin.query<RowDataPacket[]>(statement)
  await admin.end()
  return rows
}
