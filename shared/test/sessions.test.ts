import { afterAll, describe, expect, test } from 'bun:test'
import { once } from 'node:events'
import { findSession, parseSession, type StoredSession, sessionRecordKey } from '../auth/sessions.ts'
import { newId } from '../database/columns.ts'
import { DependencyUnavailable } from '../problem.ts'
import { connectRedis } from '../process/redis.ts'
import { REDIS_URL } from '../testing/stores.ts'
import { startTcpProxy } from '../testing/tcp-proxy.ts'
import { testLog } from '../testing/test-log.ts'

const HOUR_MS = 3_600_000

const redis = connectRedis({ url: REDIS_URL, log: testLog })
if (redis.status !== 'ready') await once(redis, 'ready')
afterAll(() => redis.disconnect())

/** A session as the user service stored one an hour ago. */
function storedSession(other: Partial<StoredSession> = {}): StoredSession {
  const createdAt = Date.now() - HOUR_MS
  const ids = { userId: newId(), userType: 'BUYER', sessionId: newId() } as const
  return { ...ids, createdAt, expiresAt: createdAt + 24 * HOUR_MS, idleSeconds: 1_800, epoch: 3, ...other }
}

/** Stores it under a key of its own, which nobody uses for a minute. */
async function put(stored: unknown, leftMs = 60_000): Promise<string> {
  const token = `token-of-${newId()}`
  const text = typeof stored === 'string' ? stored : JSON.stringify(stored)
  await redis.set(sessionRecordKey(token), text, 'PX', leftMs)
  return token
}

describe('findSession()', () => {
  test('finds whom a key belongs to, and for how long', async () => {
    const stored = storedSession()
    const token = await put(stored)
    const { idleSeconds: _idleSeconds, ...shown } = stored
    expect(await findSession(redis, token)).toEqual({
      ...shown,
      createdAt: new Date(stored.createdAt),
      expiresAt: new Date(stored.expiresAt),
      token,
    })
  })

  test('finds nothing for a key that nobody has, or that was ended', async () => {
    expect(await findSession(redis, `token-of-${newId()}`)).toBeUndefined()
    const token = await put(storedSession())
    await redis.del(sessionRecordKey(token))
    expect(await findSession(redis, token)).toBeUndefined()
    // Asking for it did not bring it back.
    expect(await redis.exists(sessionRecordKey(token))).toBe(0)
  })

  test('lets a session that is used live on for as long as one may be idle', async () => {
    const token = await put(storedSession())
    await findSession(redis, token)
    const leftMs = await redis.pttl(sessionRecordKey(token))
    expect(leftMs).toBeGreaterThan(60_000)
    expect(leftMs).toBeLessThanOrEqual(1_800_000)
  })

  test('lets no use move the absolute end', async () => {
    const token = await put(storedSession({ expiresAt: Date.now() + 40_000 }))
    await findSession(redis, token)
    expect(await redis.pttl(sessionRecordKey(token))).toBeLessThanOrEqual(40_000)
  })

  test('finds nothing after the absolute end, though Redis still has the session', async () => {
    const token = await put(storedSession({ expiresAt: Date.now() - 1 }))
    expect(await findSession(redis, token)).toBeUndefined()
  })

  test('keeps no key that a client could use', async () => {
    const token = await put(storedSession())
    expect(sessionRecordKey(token)).toMatch(/^session:[0-9a-f]{64}$/)
    expect(await redis.keys(`*${token}*`)).toEqual([])
  })

  test('lets nobody in on a guess when Redis does not answer', async () => {
    const proxy = await startTcpProxy(REDIS_URL)
    const through = connectRedis({ url: proxy.url, log: testLog })
    await once(through, 'ready')
    const token = await put(storedSession())
    await proxy.setMode('black-hole')
    const asked = findSession(through, token)
    await expect(asked).rejects.toBeInstanceOf(DependencyUnavailable)
    through.disconnect()
    await proxy.close()
  })
})

describe('parseSession()', () => {
  const whole = storedSession()

  test('reads a session that was stored before epochs were, and before addresses were verified', () => {
    const { epoch: _epoch, ...older } = whole
    expect(parseSession(JSON.stringify(older))).toEqual({
      ...older,
      epoch: undefined,
      emailVerified: undefined,
    })
  })

  const without = (name: keyof StoredSession) => JSON.stringify({ ...whole, [name]: undefined })
  test.each([
    ['without a user', without('userId')],
    ['without an id', without('sessionId')],
    ['without a kind of user', without('userType')],
    ['without a beginning', without('createdAt')],
    ['without an end', without('expiresAt')],
    ['that may be idle for ever', without('idleSeconds')],
    ['of a user of another kind', JSON.stringify({ ...whole, userType: 'ADMIN' })],
    ['that breaks off', JSON.stringify(whole).slice(0, -5)],
    ['that is null', 'null'],
    ['that is empty', ''],
  ])('relies on no session %s', (_, text) => {
    expect(() => parseSession(text)).toThrow(DependencyUnavailable)
  })
})
