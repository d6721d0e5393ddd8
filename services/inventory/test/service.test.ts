import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { mintApiKey } from '@bazaar/shared/auth/api-keys'
import { issueKey } from '@bazaar/shared/testing/callers'
import { type RunningService, startService } from '@bazaar/shared/testing/service'
import { createTestDatabase, REDIS_URL, type TestDatabase } from '@bazaar/shared/testing/stores'
import { until } from '@bazaar/shared/testing/until'

setDefaultTimeout(120_000)

let database: TestDatabase
const bootstrapKey = mintApiKey('test').key
const NOBODY = '127.0.0.1:1'

function environment(): Record<string, string> {
  return {
    DATABASE_URL: database.url,
    REDIS_URL,
    // No broker: a second consumer on the shared one would take the messages of others.
    RABBITMQ_URL: `amqp://guest:guest@${NOBODY}`,
    CURSOR_SECRET: 'only the tests know this cursor secret',
    BOOTSTRAP_API_KEY: bootstrapKey,
  }
}

beforeAll(async () => {
  database = await createTestDatabase('inventory')
})
afterAll(() => database.drop())

async function readiness({ url }: RunningService): Promise<string[]> {
  const answer = await fetch(`${url}/health/ready`)
  const body: { failures?: object; degraded?: object } = await answer.json()
  return Object.keys({ ...body.failures, ...body.degraded }).toSorted()
}

describe('the inventory service as a process', () => {
  test('serves without a broker, says that it misses it, and stops when told to', async () => {
    const service = await startService('inventory', environment(), 'live')
    await until(
      'only the broker is missing',
      async () => (await readiness(service)).join() === 'broker,consumer of inventory.order-cancelled',
    )
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(200)
    expect((await fetch(`${service.url}/home`)).status).toBe(200)
    const scopes = ['reservations:write']
    const key = await issueKey(service, { bootstrapKey, caller: 'order', scopes })
    const offers = await fetch(`${service.url}/offers?productIds=${crypto.randomUUID()}`, {
      headers: { 'x-api-key': key },
    })
    expect(await offers.json()).toEqual({ items: [] })
    for (const path of ['/docs', '/openapi.json', '/metrics', '/health/live'])
      expect((await fetch(service.url + path)).status).toBe(200)
    expect(await service.stop()).toBe(0)
  })

  test('starts while everything is missing; what needs it is answered with 503, nobody is let in', async () => {
    const service = await startService(
      'inventory',
      {
        ...environment(),
        DATABASE_URL: `mysql://nobody@${NOBODY}/nowhere`,
        REDIS_URL: `redis://${NOBODY}`,
      },
      'live',
    )
    expect(await readiness(service)).toEqual([
      'bootstrap key',
      'broker',
      'consumer of inventory.order-cancelled',
      'database',
      'redis',
      'rights',
    ])
    const session = 'a session that nobody can look up'.replaceAll(' ', '-')
    for (const [path, headers] of [
      ['/home', {}],
      ['/seller/products', { session }],
      [`/reservations/${crypto.randomUUID()}`, { 'x-api-key': bootstrapKey }],
    ] as const) {
      const answer = await fetch(service.url + path, { headers })
      expect(answer.status).toBe(503)
      expect(answer.headers.get('retry-after')).not.toBeNull()
      expect(await answer.json()).toMatchObject({ code: 'dependency-unavailable' })
    }
    expect(await service.stop()).toBe(0)
  })

  test('names everything that is wrong with its configuration, and does not start', async () => {
    const start = startService('inventory', {
      DATABASE_URL: 'postgres://somewhere',
      RESERVATION_HOLD_SECONDS: 'long',
    })
    const failure = await start.then(
      () => 'it started',
      (error: unknown) => String(error),
    )
    for (const name of [
      'DATABASE_URL',
      'REDIS_URL',
      'RABBITMQ_URL',
      'CURSOR_SECRET',
      'RESERVATION_HOLD_SECONDS',
    ])
      expect(failure).toContain(name)
  })
})
