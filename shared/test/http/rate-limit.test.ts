import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { newId } from '../../database/columns.ts'
import { createRateLimiter } from '../../http/rate-limit.ts'
import { connectRedis } from '../../process/redis.ts'
import { freePort } from '../../testing/service.ts'
import { REDIS_URL } from '../../testing/stores.ts'
import { testLog } from '../../testing/test-log.ts'
import { until } from '../../testing/until.ts'
import { type OpenNotes, openNotes } from './http-ask.ts'
import { BUYER_SESSION, KEY } from './http-service.ts'

const LIMITS = { windowSeconds: 300, address: 3, session: 4, key: 5 }
const NOTE = '019cd1f0-6f00-7c3a-8d21-5e9b4f7a2c10'

const redis = connectRedis({ url: REDIS_URL, log: testLog })
const open: OpenNotes[] = []
/** A name of its own for each run, so that earlier ones do not count. */
const service = `test-${newId()}`

beforeAll(async () => {
  await until('Redis is connected', () => redis.status === 'ready')
})

afterAll(async () => {
  for (const notes of open) await notes.close()
  redis.disconnect()
})

/** One instance of a service that counts in the given Redis. */
async function instance(of: string, counting = redis): Promise<OpenNotes> {
  const rateLimiter = createRateLimiter({ service: of, limits: LIMITS, redis: counting, log: testLog })
  const notes = await openNotes('over a socket', { rateLimiter, trustedProxies: ['127.0.0.1'] })
  open.push(notes)
  return notes
}

const from = (address: string) => ({ headers: { 'x-forwarded-for': address } })

describe('a request that goes beyond the limit', () => {
  test('of its address is refused with 429, wherever it is sent', async () => {
    const [one, two] = [await instance(service), await instance(service)]
    const path = `/notes/${NOTE}`
    const answers = [
      await one.ask(path, from('192.0.2.1')),
      await two.ask(path, from('192.0.2.1')),
      await one.ask(path, from('192.0.2.1')),
    ]
    expect(answers.map(({ headers }) => headers.get('ratelimit')?.split(';')[1])).toEqual([
      'r=2',
      'r=1',
      'r=0',
    ])
    expect(answers[0]?.headers.get('ratelimit-policy')).toBe('"address";q=3;w=300')

    // The second time each of them refuses from its memory.
    for (const notes of [one, two, one, two]) {
      const refused = await notes.ask(path, from('192.0.2.1'))
      expect(refused).toMatchObject({ status: 429, body: { code: 'too-many-requests' } })
      expect(Number(refused.headers.get('retry-after'))).toBeWithin(1, 301)
      expect(refused.headers.get('ratelimit')).toMatch(/^"address";r=0;t=\d+$/)
    }
    expect((await one.ask(path, from('192.0.2.2'))).status).toBe(200)
  })

  test('counts for the user that is logged in, not for their address', async () => {
    const notes = await instance(`${service}-session`)
    const statuses: number[] = []
    for (let number = 1; number <= LIMITS.session + 3; number += 1) {
      const headers = { session: BUYER_SESSION, 'x-forwarded-for': `192.0.2.${number}` }
      statuses.push((await notes.ask(`/notes/${NOTE}`, { method: 'DELETE', headers })).status)
    }
    expect(statuses).toEqual([204, 204, 204, 204, 429, 429, 429])
  })

  test('counts for the API key, also when its scope is not enough', async () => {
    const notes = await instance(`${service}-key`)
    const statuses: number[] = []
    for (let number = 0; number <= LIMITS.key; number += 1) {
      const key = number === 0 ? `${KEY}-weak` : KEY
      const answer = await notes.ask(`/notes/${NOTE}/seal`, { method: 'POST', headers: { 'x-api-key': key } })
      statuses.push(answer.status)
    }
    expect(statuses).toEqual([403, 204, 204, 204, 204, 204])
  })

  test('is refused for a caller that tries sessions', async () => {
    const notes = await instance(`${service}-guess`)
    const statuses: number[] = []
    for (let number = 0; number <= LIMITS.address + 2; number += 1) {
      const headers = { session: `guess-number-${number}-of-a-session`, 'x-forwarded-for': '192.0.2.9' }
      statuses.push((await notes.ask(`/notes/${NOTE}`, { method: 'DELETE', headers })).status)
    }
    expect(statuses).toEqual([401, 401, 401, 429, 429, 429])
  })

  test('is found out locally while Redis is away', async () => {
    const away = connectRedis({ url: `redis://127.0.0.1:${await freePort()}`, log: testLog })
    const notes = await instance(`${service}-away`, away)
    const statuses: number[] = []
    for (let number = 0; number <= LIMITS.address + 1; number += 1)
      statuses.push((await notes.ask(`/notes/${NOTE}`, from('192.0.2.3'))).status)
    expect(statuses).toEqual([200, 200, 200, 429, 429])
    away.disconnect()
  })
})
