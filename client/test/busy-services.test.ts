import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type RunningService, startService } from '@bazaar/shared/testing/service'
import { startTcpProxy, type TcpProxy } from '@bazaar/shared/testing/tcp-proxy'
import type { BazaarOptions } from '../src/bazaar.ts'
import { baseUrls, codeOf, environments, kettle, newPerson } from './world.ts'

const WINDOW_SECONDS = 2
const REQUESTS_MAX = 3

/** An inventory service of the same stores with few requests a session, whose database can be taken away. */
let service: RunningService
let database: TcpProxy

beforeAll(async () => {
  const { PORT: _, ...environment } = environments['inventory'] ?? {}
  database = await startTcpProxy(environment['DATABASE_URL'] ?? '')
  service = await startService('inventory', {
    ...environment,
    DATABASE_URL: database.url,
    RATE_LIMIT_WINDOW_SECONDS: String(WINDOW_SECONDS),
    RATE_LIMIT_PER_SESSION: String(REQUESTS_MAX),
  })
})
afterAll(async () => {
  await service?.stop()
  await database?.close()
})

function newSeller(options: Partial<BazaarOptions> = {}) {
  return newPerson('SELLER', { ...options, baseUrls: { ...baseUrls, inventory: service.url } })
}

describe('a service that has had enough (429)', () => {
  test('is asked again when it said, for reading and for writing under a key', async () => {
    const { fetch, statuses } = recorded()
    const { inventory } = await newSeller({ fetch })
    const reading = Array.from({ length: 2 * REQUESTS_MAX }, () => inventory.listOwnProducts())
    const writing = [inventory.createProduct(kettle), inventory.createProduct(kettle)]
    const answers = await Promise.all([...reading, ...writing])
    expect(answers.map(({ status }) => status)).toEqual([...reading.map(() => 200), 201, 201])
    expect(statuses).toContain(429)
  })

  test('is left alone when it asks for more patience than is allowed', async () => {
    const { fetch, statuses } = recorded()
    const { inventory } = await newSeller({ fetch, retryAfterMaxSeconds: 0 })
    const reading = Array.from({ length: 2 * REQUESTS_MAX + 1 }, () => inventory.listOwnProducts())
    const outcomes = await Promise.allSettled(reading)
    const refusals = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    expect(refusals).not.toEqual([])
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({ problem: { code: 'too-many-requests' } })
      expect(refusal.retryAfterSeconds).toBeGreaterThan(0)
    }
    expect(statuses.filter((status) => status === 429)).toHaveLength(refusals.length)
  })
})

describe('a service without its database (503)', () => {
  test('is asked again when it said, and answers when the database is back', async () => {
    const { fetch, statuses, onAnswer } = recorded()
    const { inventory } = await newSeller({ fetch })
    await database.setMode('refuse')
    onAnswer(async (status) => {
      if (status === 503) await database.setMode('pass')
    })
    expect((await inventory.createProduct(kettle)).status).toBe(201)
    expect(statuses).toContain(503)
  })

  test('is told once what has no key', async () => {
    const { fetch, statuses } = recorded()
    const { inventory } = await newSeller({ fetch })
    const { body: product } = await inventory.createProduct(kettle)
    await database.setMode('refuse')
    expect(await codeOf(inventory.archiveProduct({ productId: product.id }))).toBe('dependency-unavailable')
    await database.setMode('pass')
    expect(statuses.filter((status) => status === 503)).toHaveLength(1)
  })
})

/** The `fetch` of this runtime, with what the service answered. */
function recorded() {
  const statuses: number[] = []
  let watch: (status: number) => Promise<void> = async () => undefined
  return {
    statuses,
    fetch: async (url: string, request: RequestInit) => {
      const answer = await fetch(url, request)
      // Not of the sign-up before.
      if (url.startsWith(service.url)) statuses.push(answer.status)
      await watch(answer.status)
      return answer
    },
    onAnswer: (next: typeof watch) => {
      watch = next
    },
  }
}
