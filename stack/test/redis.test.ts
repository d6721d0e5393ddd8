import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '@bazaar/shared/testing/until'
import { Redis } from 'ioredis'
import { type StackPaths, stackPaths } from '../src/paths.ts'
import { portTaker } from '../src/processes/ports.ts'
import { signal } from '../src/processes/process-table.ts'
import { type Supervised, supervise } from '../src/processes/supervisor.ts'
import { STORES } from '../src/programs/programs.ts'
import { storePrograms } from '../src/programs/store-programs.ts'
import { chosenRow } from '../src/programs/store-rows.ts'
import { prepareRedis, type RedisAccess, redisUrl } from '../src/servers/redis.ts'
import { makeSecrets } from '../src/services/secrets.ts'

const START_WITHIN_MS = 60_000

let paths: StackPaths
let access: RedisAccess
let server: Supervised

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bazaar-redis-'))
  paths = { ...stackPaths('any'), folder, stores: folder, logs: folder, run: folder }
  access = { port: await portTaker()(), passwords: makeSecrets().passwords }
  const { root, redis } = await storePrograms(chosenRow(), {
    needed: STORES,
    note: () => undefined,
    signal: AbortSignal.timeout(START_WITHIN_MS),
  })
  server = supervise(await prepareRedis(redis ?? '', { paths, access, root }), {
    paths,
    onEvent: () => undefined,
  })
  await server.ready
})

afterAll(async () => {
  await server.stop()
  await rm(paths.folder, { recursive: true })
})

describe('the private Redis', () => {
  test('has forgotten after a crash what a script of the user service deleted before', async () => {
    await as('user', (redis) => redis.mset('session:ended', 'one', 'session:kept', 'two', 'sessions:1', 'x'))
    await as('user', (redis) =>
      redis.eval("redis.call('del', KEYS[1]) redis.call('del', KEYS[2])", 2, 'session:ended', 'sessions:1'),
    )
    const first = server.pid() ?? 0
    signal(first, 'SIGKILL')
    await until('another process answers', async () => server.pid() !== first && (await isBack()))
    expect(await as('user', (redis) => redis.mget('session:ended', 'session:kept'))).toEqual([null, 'two'])
  })

  test('lets nobody in without a credential', async () => {
    const stranger = new Redis({ port: access.port, lazyConnect: true, retryStrategy: () => null })
    stranger.on('error', () => undefined)
    await expect(stranger.get('session:kept')).rejects.toThrow('NOAUTH')
    stranger.disconnect()
  })
})

async function as<T>(account: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(redisUrl(access, account), { maxRetriesPerRequest: 0, retryStrategy: () => null })
  redis.on('error', () => undefined)
  try {
    return await work(redis)
  } finally {
    redis.disconnect()
  }
}

async function isBack(): Promise<boolean> {
  return await as('user', (redis) => redis.ping()).then(
    () => true,
    () => false,
  )
}
