import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { tmpdir } from 'node:os'
import { newId } from '@bazaar/shared/database/columns'
import { refusal } from '@bazaar/shared/testing/refusal'
import { freePort, startService } from '@bazaar/shared/testing/service'
import { createTestDatabase, REDIS_URL } from '@bazaar/shared/testing/stores'
import {
  logIn,
  member,
  newcomer,
  PASSWORD,
  startIam,
  startUserService,
  type TestIam,
  type TestUserService,
  TIMEOUT_MS,
} from './user-service.ts'

setDefaultTimeout(TIMEOUT_MS)

let iam: TestIam

beforeAll(async () => {
  iam = await startIam()
})

afterAll(() => iam.close())

/** A second consumer on the shared broker would take the messages of others. */
const NO_BROKER = 'amqp://127.0.0.1:1'

const LETTERS = {
  LINK_SECRET: 'a secret that only the tests know 456',
  LETTERS_FOLDER: tmpdir(),
  LETTERS_FROM: 'shop@localhost',
  SHOP_ORIGIN: 'http://localhost:4000',
}

const ID = '01890a5d-ac96-774b-bcce-b302099a8057'

type Call = { method: string; path: string; body?: object }

/** Every operation that wants a session, as far as its access goes. */
const PROTECTED: Call[] = [
  { method: 'DELETE', path: '/sessions/current' },
  { method: 'DELETE', path: '/sessions' },
  { method: 'GET', path: '/sessions' },
  { method: 'DELETE', path: `/sessions/${ID}` },
  { method: 'GET', path: '/users/me' },
  { method: 'PATCH', path: '/users/me', body: {} },
  {
    method: 'POST',
    path: '/users/me/password',
    body: { currentPassword: PASSWORD, newPassword: 'another password' },
  },
  { method: 'POST', path: '/users/me/closure', body: { currentPassword: PASSWORD } },
  { method: 'GET', path: '/users/me/addresses' },
  { method: 'POST', path: '/users/me/addresses', body: {} },
  { method: 'GET', path: `/users/me/addresses/${ID}` },
  { method: 'PUT', path: `/users/me/addresses/${ID}`, body: {} },
  { method: 'PUT', path: `/users/me/addresses/${newId()}/default` },
  { method: 'DELETE', path: `/users/me/addresses/${ID}` },
]

async function ask(url: string, { method, path, body }: Call, session: string) {
  const headers = { session, ...(body ? { 'content-type': 'application/json' } : {}) }
  const answer = await fetch(`${url}${path}`, { method, headers, body: body ? JSON.stringify(body) : null })
  return { status: answer.status, retryAfter: answer.headers.get('retry-after'), text: await answer.text() }
}

describe('while Redis is away', () => {
  let service: TestUserService

  beforeAll(async () => {
    const redisUrl = `redis://127.0.0.1:${await freePort()}`
    service = await startUserService(iam, { redisUrl, withoutRedis: true })
  })

  afterAll(() => service.close())

  test.each(PROTECTED)('$method $path answers 503 and lets nobody in', async (call) => {
    const answer = await ask(service.url, call, 'A'.repeat(43))
    expect(answer).toMatchObject({ status: 503, retryAfter: '1' })
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'dependency-unavailable' })
  })

  test('signs up, shows sellers, and answers 503 to a log-in', async () => {
    const wanted = newcomer('SELLER')
    const { body } = await service.client.signUp({ body: wanted })
    expect((await service.client.readSeller({ params: { sellerId: body.id } })).status).toBe(200)
    expect(await refusal(logIn(service, wanted.email))).toMatchObject({ status: 503 })
    // Nobody tries passwords while attempts cannot be counted.
    expect(await refusal(logIn(service, wanted.email, 'not the password'))).toMatchObject({ status: 503 })
  })
})

describe('while MySQL is away', () => {
  let service: TestUserService

  beforeAll(async () => {
    const databaseUrl = `mysql://root@127.0.0.1:${await freePort()}/nothing`
    service = await startUserService(iam, { databaseUrl })
  })

  afterAll(() => service.close())

  test('answers 503 to every request that needs it', async () => {
    const { email } = newcomer()
    const calls = [
      service.client.signUp({ body: newcomer() }),
      service.client.logIn({ body: { login: email, password: PASSWORD } }),
      service.client.readSeller({ params: { sellerId: newId() } }),
      // The link was not looked up, so its password cannot have been changed either.
      service.client.resetPassword({ body: { token: 'A'.repeat(43), newPassword: 'another password' } }),
    ]
    for (const problem of await Promise.all(calls.map(refusal)))
      expect(problem).toMatchObject({ status: 503, code: 'dependency-unavailable' })
  })
})

describe('while IAM is away', () => {
  test('sessions go on, and what needs the password answers 503 and changes nothing', async () => {
    const service = await startUserService(iam)
    try {
      const { session, email } = await member(service)
      await iam.kill()
      const { client } = service
      const currentPassword = PASSWORD
      const calls = [
        client.changeProfile({ session, body: { email: newcomer().email, currentPassword } }),
        client.closeAccount({ session, body: { currentPassword } }),
        client.logIn({ body: { login: email, password: PASSWORD } }),
      ]
      for (const problem of await Promise.all(calls.map(refusal)))
        expect(problem).toMatchObject({ status: 503, code: 'dependency-unavailable' })
      const body = { currentPassword, newPassword: 'another password' }
      expect(await refusal(client.changePassword({ session, body }))).toMatchObject({
        status: 503,
        code: 'outcome-unknown',
      })
      const changed = await client.changeProfile({ session, body: { name: 'Ada King' } })
      expect(changed.body).toMatchObject({ name: 'Ada King', email, version: 2 })
    } finally {
      await iam.start()
      await service.close()
    }
  })

  test('a key that IAM refuses is our failure and not that of the person who logs in', async () => {
    const apiKey = `${iam.apiKey.slice(0, -4)}AAAA`
    const service = await startUserService({ url: iam.url, apiKey })
    try {
      expect(await refusal(logIn(service, newcomer().email))).toMatchObject({ status: 503 })
    } finally {
      await service.close()
    }
  })
})

describe('the process', () => {
  test('starts without anything it needs, says what is missing, and stops with 0', async () => {
    const environment = {
      DATABASE_URL: `mysql://root@127.0.0.1:${await freePort()}/nothing`,
      REDIS_URL: `redis://127.0.0.1:${await freePort()}`,
      RABBITMQ_URL: NO_BROKER,
      IAM_URL: `http://127.0.0.1:${await freePort()}`,
      ORDER_URL: `http://127.0.0.1:${await freePort()}`,
      INVENTORY_URL: `http://127.0.0.1:${await freePort()}`,
      IAM_API_KEY: iam.apiKey,
      ...LETTERS,
    }
    const process = await startService('user', environment, 'live')
    const answer = await fetch(`${process.url}/health/ready`)
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({
      failures: { database: expect.any(String), redis: expect.any(String) },
      degraded: { broker: expect.any(String), 'consumer of user.order-changed': expect.any(String) },
    })
    expect(await process.stop()).toBe(0)
  })

  test('names everything that is missing or malformed before it starts', async () => {
    const attempt = startService('user', { IAM_URL: 'somewhere', SESSION_IDLE_SECONDS: '0' }, 'live')
    const error = await attempt.catch((refused: unknown) => refused)
    for (const name of [
      'DATABASE_URL',
      'REDIS_URL',
      'RABBITMQ_URL',
      'IAM_URL',
      'IAM_API_KEY',
      'SESSION_IDLE_SECONDS',
    ])
      expect(String(error)).toContain(name)
  })

  test('works as configured and writes no secret into its log', async () => {
    const stored = await createTestDatabase('user')
    const process = await startService('user', {
      DATABASE_URL: stored.url,
      REDIS_URL,
      RABBITMQ_URL: NO_BROKER,
      IAM_URL: iam.url,
      IAM_API_KEY: iam.apiKey,
      ORDER_URL: `http://127.0.0.1:${await freePort()}`,
      INVENTORY_URL: `http://127.0.0.1:${await freePort()}`,
      SESSION_ABSOLUTE_SECONDS: '600',
      ...LETTERS,
      LOG_LEVEL: 'debug',
    })
    const wanted = { ...newcomer(), password: 'canary pass phrase' }
    const post = (path: string, body: object, session = '') =>
      fetch(`${process.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(session ? { session } : {}) },
        body: JSON.stringify(body),
      })
    expect((await post('/users', wanted)).status).toBe(201)
    expect((await post('/users', { ...wanted, mobileNumber: newcomer().mobileNumber })).status).toBe(409)
    expect((await post('/users', { ...wanted, name: 7 })).status).toBe(422)
    const answer = await post('/sessions', { login: wanted.email, password: wanted.password })
    const { session, expiresAt }: { session: string; expiresAt: string } = await answer.json()
    expect(Date.parse(expiresAt) - Date.now()).toBeWithin(590_000, 600_001)
    const body = { currentPassword: wanted.password, newPassword: 'canary pass sentence' }
    expect((await post('/users/me/password', body, session)).status).toBe(204)
    expect(await process.stop()).toBe(0)
    await stored.drop()

    const log = process.output.join('\n')
    expect(log).toContain('"operation":"changePassword"')
    for (const secret of ['canary', session, wanted.email, wanted.mobileNumber, iam.apiKey])
      expect(log).not.toContain(secret)
  })
})
