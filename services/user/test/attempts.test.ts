import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { randomInt } from 'node:crypto'
import {
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

/** The waits are long enough for the slowest machine to see them. */
const LIMITS = { ofLoginFromAddress: 3, ofLogin: 5, ofAddress: 1_000_000, firstWaitMs: 100_000 }

let iam: TestIam
let service: TestUserService
/** Another instance on the same database and the same Redis. */
let second: TestUserService

beforeAll(async () => {
  iam = await startIam()
  service = await startUserService(iam, { attempts: LIMITS })
  second = await startUserService(iam, { attempts: LIMITS, databaseUrl: service.databaseUrl })
})

afterAll(async () => {
  await second?.close()
  await service?.close()
  await iam?.close()
})

type Try = { login: string; password?: string; from: string; at?: TestUserService }

/** Tries to log in from an address that the proxy in front names. */
async function tryLogIn({ login, password = 'not the password', from, at = service }: Try) {
  const answer = await fetch(`${at.url}/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': from },
    body: JSON.stringify({ login, password }),
  })
  const { instance: _, ...body }: { instance: string; code?: string } = await answer.json()
  return { status: answer.status, retryAfter: Number(answer.headers.get('retry-after')), body }
}

/** An address that no other test uses. */
function somewhere(): string {
  return `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`
}

/** Ends the waits of whoever tries from this address. */
async function letTimePass(from: string): Promise<void> {
  const { redis } = service.deps
  for (const key of await redis.keys(`attempts:login:*:${from}`)) await redis.hdel(key, 'until')
}

async function fail(attempt: Try, times: number): Promise<void> {
  for (let number = 0; number < times; number += 1)
    expect(await tryLogIn(attempt)).toMatchObject({ status: 401 })
}

describe('wrong passwords', () => {
  test('make wait, also for the right one, longer each time', async () => {
    const { email } = await member(service)
    const from = somewhere()
    await fail({ login: email, from }, LIMITS.ofLoginFromAddress)
    const refused = await tryLogIn({ login: email, from, password: PASSWORD })
    expect(refused).toMatchObject({ status: 429, body: { code: 'too-many-requests' } })
    expect(refused.retryAfter).toBeWithin(60, 101)
    for (const [shortest, longest] of [
      [160, 200],
      [360, 400],
    ] as const) {
      await letTimePass(from)
      await fail({ login: email, from }, 1)
      expect((await tryLogIn({ login: email, from })).retryAfter).toBeWithin(shortest, longest + 1)
    }
  })

  test('are answered alike for a login that nobody has', async () => {
    const { email } = await member(service)
    const from = somewhere()
    const nobody = { login: newcomer().email, from: somewhere() }
    await fail({ login: email, from }, LIMITS.ofLoginFromAddress)
    await fail(nobody, LIMITS.ofLoginFromAddress)
    const { retryAfter: _, ...refused } = await tryLogIn({ login: email, from })
    expect(await tryLogIn(nobody)).toMatchObject(refused)
    expect(refused.status).toBe(429)
  })

  test('count together in each spelling of the login and with each forwarded address', async () => {
    const { email } = await member(service)
    const from = somewhere()
    await fail({ login: email, from }, 1)
    await fail({ login: ` ${email.toUpperCase()} `, from }, 1)
    await fail({ login: email, from: `${somewhere()}, ${from}` }, 1)
    expect(await tryLogIn({ login: email, from: `${somewhere()}, ${from}` })).toMatchObject({ status: 429 })
    // A letter of another script makes it nobody's.
    const login = email.replace('a', 'а')
    expect(await tryLogIn({ login, password: PASSWORD, from: somewhere() })).toMatchObject({ status: 401 })
  })

  test('count together in all instances', async () => {
    const { email } = await member(service)
    const from = somewhere()
    await fail({ login: email, from }, LIMITS.ofLoginFromAddress - 1)
    await fail({ login: email, from, at: second }, 1)
    expect(await tryLogIn({ login: email, from })).toMatchObject({ status: 429 })
    expect(await tryLogIn({ login: email, from, at: second })).toMatchObject({ status: 429 })
  })

  test('many at once are many', async () => {
    const { email } = await member(service)
    const from = somewhere()
    const answers = await Promise.all(Array.from({ length: 12 }, () => tryLogIn({ login: email, from })))
    expect(answers.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(
      LIMITS.ofLoginFromAddress,
    )
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(9)
  })

  test('from all over the world do not keep owners out where they have logged in before', async () => {
    const { email } = await member(service)
    const home = somewhere()
    expect(await tryLogIn({ login: email, password: PASSWORD, from: home })).toMatchObject({ status: 201 })
    for (let number = 0; number < LIMITS.ofLogin; number += 1)
      await fail({ login: email, from: somewhere() }, 1)

    expect(await tryLogIn({ login: email, password: PASSWORD, from: somewhere() })).toMatchObject({
      status: 429,
    })
    for (let number = 0; number < 3; number += 1)
      expect(await tryLogIn({ login: email, password: PASSWORD, from: home })).toMatchObject({ status: 201 })
  })

  test('for many logins from one address make that address wait', async () => {
    const strict = await startUserService(iam, {
      attempts: { ...LIMITS, ofAddress: 4 },
      databaseUrl: service.databaseUrl,
    })
    const from = somewhere()
    for (let number = 0; number < 4; number += 1) await fail({ login: newcomer().email, from, at: strict }, 1)
    const { email } = await member(service)
    expect(await tryLogIn({ login: email, password: PASSWORD, from, at: strict })).toMatchObject({
      status: 429,
    })
    expect(await tryLogIn({ login: email, password: PASSWORD, from: somewhere(), at: strict })).toMatchObject(
      {
        status: 201,
      },
    )
    await strict.close()
  })

  test('of a user with a session make them wait, too', async () => {
    const { session } = await member(service)
    const from = somewhere()
    const statuses: number[] = []
    for (let number = 0; number <= LIMITS.ofLoginFromAddress; number += 1) {
      const answer = await fetch(`${service.url}/users/me/closure`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': from, session },
        body: JSON.stringify({ currentPassword: 'not the password' }),
      })
      statuses.push(answer.status)
      await answer.body?.cancel()
    }
    expect(statuses).toEqual([401, 401, 401, 429])
  })
})

test('a right password is no attempt', async () => {
  const { email } = await member(service)
  const from = somewhere()
  for (let number = 0; number < 6; number += 1)
    expect(await tryLogIn({ login: email, password: PASSWORD, from })).toMatchObject({ status: 201 })
  await fail({ login: email, from }, LIMITS.ofLoginFromAddress - 1)
  expect(await tryLogIn({ login: email, password: PASSWORD, from })).toMatchObject({ status: 201 })
  await fail({ login: email, from }, LIMITS.ofLoginFromAddress - 1)
})

test('no login and no e-mail address stands in Redis', async () => {
  const { email } = await member(service)
  await fail({ login: email, from: somewhere() }, 1)
  const found = await service.deps.redis.keys('attempts:*')
  expect(found.length).toBeGreaterThan(0)
  expect(found.filter((key) => key.includes('@'))).toEqual([])
})
