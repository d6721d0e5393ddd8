import { afterEach, describe, expect, test } from 'bun:test'
import { once } from 'node:events'
import process from 'node:process'
import { connectRedis, onRedis, redisCheck } from '../process/redis.ts'
import { REDIS_URL } from '../testing/stores.ts'
import { startTcpProxy } from '../testing/tcp-proxy.ts'
import { testLog } from '../testing/test-log.ts'

const redis = connectRedis({ url: REDIS_URL, log: testLog })
if (redis.status !== 'ready') await once(redis, 'ready')

afterEach(async () => {
  await redis.config('SET', 'appendonly', 'yes')
  await redis.config('SET', 'maxmemory-policy', 'noeviction')
})

describe('redisCheck()', () => {
  test('is content with a Redis that forgets nothing', async () => {
    expect(await redisCheck(redis)()).toBeUndefined()
  })

  test('refuses one whose ended sessions come back after a crash', async () => {
    await redis.config('SET', 'appendonly', 'no')
    expect(await redisCheck(redis)()).toBe('appendonly must be yes')
  })

  test('refuses one that logs people out when memory is short', async () => {
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru')
    expect(await redisCheck(redis)()).toBe('maxmemory-policy must be noeviction')
  })
})

test('a Redis that does not answer is noticed in time, and used again when it does', async () => {
  const proxy = await startTcpProxy(REDIS_URL)
  const through = connectRedis({ url: proxy.url, log: testLog })
  await once(through, 'ready')
  await proxy.setMode('black-hole')
  const startedAt = performance.now()
  const [outcome] = await Promise.allSettled([onRedis('GET anything', () => through.get('anything'))])
  expect(outcome?.status).toBe('rejected')
  // Promised are 300 ms; the rest is for a machine that does other things as well.
  expect(performance.now() - startedAt).toBeLessThan(2_000)
  await proxy.setMode('pass')
  for (;;) {
    const [again] = await Promise.allSettled([onRedis('GET anything', () => through.get('anything'))])
    if (again?.status === 'fulfilled') break
  }
  through.disconnect()
  await proxy.close()
})

test('connectRedis() leaves a replica once, however many writes it refuses at the same time', async () => {
  const left = connectRedis({ url: REDIS_URL, log: testLog })
  await once(left, 'ready')
  const warnings: Error[] = []
  const listen = (warning: Error) => void warnings.push(warning)
  process.on('warning', listen)
  const back = once(left, 'ready')
  const refused = Array.from({ length: 20 }, () =>
    left.call('eval', "return redis.error_reply('READONLY of a replica')", '0').catch(String),
  )
  for (const answer of await Promise.all(refused)) expect(answer).toMatch(/READONLY|closed|ended/i)
  await back
  // Warnings are told in a later turn.
  await new Promise((resolve) => setImmediate(resolve))
  process.off('warning', listen)
  left.disconnect()
  expect(warnings).toEqual([])
})
