import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DependencyUnavailable } from '@bazaar/shared/problem'
import { connectRedis, onRedis, redisCheck } from '@bazaar/shared/process/redis'
import type { SmallDisk } from '@bazaar/shared/testing/small-disk'
import { testLog } from '@bazaar/shared/testing/test-log'
import { until } from '@bazaar/shared/testing/until'
import type { Redis } from 'ioredis'
import { type BrokerAccess, brokerFolder, brokerUrl, prepareBroker } from '../../src/servers/rabbitmq.ts'
import { type Announcing, openAnnouncing } from '../../test/announcing.ts'
import {
  as,
  endStores,
  mountDisk,
  newPaths,
  passwords,
  programs,
  START_WITHIN_MS,
  start,
  startDatabase,
  startRedis,
  takePort,
} from '../../test/private-stores.ts'

/*
 * The disk of a store is full: what was acknowledged is kept, what cannot be kept is not acknowledged, readiness says
 * so, and all goes on by itself once there is room.
 */

afterAll(endStores, START_WITHIN_MS)

// The first is how we run it: it then ends, and is started again. The second lives on and refuses every change.
describe.each(['always', 'everysec'])('a Redis with appendfsync %s whose disk is full', (appendfsync) => {
  const RECORD = 'x'.repeat(8 * 1024)
  const REFUSED_IN_A_ROW = 10
  /** More than the disk holds. */
  const RECORDS_MAX = 2_000
  let url: string
  let redis: Redis
  let disk: SmallDisk
  beforeAll(async () => {
    const paths = await newPaths()
    disk = await mountDisk(join(paths.stores, 'redis'), 4)
    url = await startRedis(paths)
    await as(url, (admin) => admin.config('SET', 'appendfsync', appendfsync))
    redis = connectRedis({ url, log: testLog })
    await until('it is connected', () => redis.status === 'ready')
  }, START_WITHIN_MS)
  afterAll(() => redis?.disconnect())

  test('forgets no session that it acknowledged, and takes sessions again once there is room', async () => {
    const check = redisCheck(redis)
    const kept: string[] = []
    let refused: unknown[] = []
    const keep = async (name: string) => {
      try {
        await onRedis('SET session', () => redis.set(name, RECORD))
        kept.push(name)
        refused = []
      } catch (error) {
        refused.push(error)
      }
    }
    // On a busy machine a single command may take longer than it may.
    for (let count = 0; refused.length < REFUSED_IN_A_ROW && count < RECORDS_MAX; count++)
      await keep(`session:${count}`)
    expect(refused).toHaveLength(REFUSED_IN_A_ROW)
    expect(refused.filter((error) => !(error instanceof DependencyUnavailable))).toEqual([])
    await until('it is said', async () => (await check().catch(String)) !== undefined)

    await disk.resize(64)
    await until('a session is taken again', async () => {
      await keep('session:later')
      return kept.includes('session:later')
    })
    await until('it is well', async () => (await check().catch(String)) === undefined)
    const found = await as(url, (admin) => admin.exists(...kept))
    expect(found).toBe(kept.length)
    expect(kept.length).toBeGreaterThan(REFUSED_IN_A_ROW)
  })
})

describe('a RabbitMQ whose disk is full', () => {
  const [SIZE_MB, BALLAST_MB] = [100, 60]
  let announcing: Announcing
  let ballast: string
  beforeAll(async () => {
    const paths = await newPaths()
    ballast = join(brokerFolder(paths), 'ballast')
    await mountDisk(brokerFolder(paths), SIZE_MB)
    const [database, access] = await Promise.all([startDatabase(), startBroker(paths)])
    announcing = await openAnnouncing({
      database,
      order: brokerUrl(access, 'order'),
      inventory: brokerUrl(access, 'inventory'),
    })
  }, 2 * START_WITHIN_MS)
  afterAll(() => announcing?.close())

  test('loses no cancellation that was acknowledged, and takes messages again once there is room', async () => {
    const before = await announcing.announce(10)
    await announcing.allHandled(before)

    await writeFile(ballast, Buffer.alloc(BALLAST_MB * 1024 * 1024))
    const meanwhile: string[] = []
    await until('it is said', async () => {
      meanwhile.push(...(await announcing.announce(1)))
      return announcing.problem()?.includes('blocked by the broker')
    })
    const acknowledged = await announcing.announce(10)
    expect(announcing.handled(acknowledged)).toBe(0)
    expect(await announcing.unsent()).toBeGreaterThanOrEqual(acknowledged.length)

    await rm(ballast)
    await announcing.allHandled([...meanwhile, ...acknowledged])
    await until('it is well', () => announcing.problem() === undefined)
  })
})

async function startBroker(paths: Awaited<ReturnType<typeof newPaths>>): Promise<BrokerAccess> {
  const { rabbitmq: program, root } = await programs()
  if (!program) throw new Error('There is no RabbitMQ on this machine')
  const ports = { rabbitmq: await takePort(), rabbitmqNode: await takePort(), epmd: await takePort() }
  const access = { ports, passwords }
  const { epmd, rabbitmq } = await prepareBroker(program, { paths, access, root })
  await start(epmd, paths)
  await start(rabbitmq, paths)
  return access
}
