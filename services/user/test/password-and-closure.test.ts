import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { sessionRecordKey } from '@bazaar/shared/auth/sessions'
import { newId } from '@bazaar/shared/database/columns'
import { inTransaction, read } from '@bazaar/shared/database/database'
import { DependencyUnavailable } from '@bazaar/shared/problem'
import { refusal } from '@bazaar/shared/testing/refusal'
import { REDIS_URL } from '@bazaar/shared/testing/stores'
import { startTcpProxy, type TcpProxy } from '@bazaar/shared/testing/tcp-proxy'
import { until } from '@bazaar/shared/testing/until'
import { eq } from 'drizzle-orm'
import { tidyAccounts } from '../src/accounts/close-account.ts'
import { saveSessionsEpoch } from '../src/accounts/user-store.ts'
import { addresses, users } from '../src/tables.ts'
import { type IamRelay, startIamRelay } from './iam-relay.ts'
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

const OTHER_PASSWORD = 'short blue chairs 8'

let iam: TestIam
let relay: IamRelay
let redisProxy: TcpProxy
let service: TestUserService

beforeAll(async () => {
  iam = await startIam()
  relay = await startIamRelay(iam.url)
  redisProxy = await startTcpProxy(REDIS_URL)
  service = await startUserService({ url: relay.url, apiKey: iam.apiKey }, { redisUrl: redisProxy.url })
})

afterAll(async () => {
  await service.close()
  await redisProxy.close()
  relay.close()
  await iam.close()
})

async function isValid(session: string): Promise<boolean> {
  return (await service.deps.redis.exists(sessionRecordKey(session))) === 1
}

/** Does something as soon as the identity service has answered a request, before the answer arrives. */
function uponAnswer(expected: RegExp, work: () => Promise<unknown>): void {
  relay.onAnswer = async (request) => {
    if (expected.test(request)) {
      relay.onAnswer = async () => 'deliver'
      await work()
    }
    return 'deliver'
  }
}

async function takeRedisAway(): Promise<void> {
  await redisProxy.setMode('refuse')
  redisProxy.cut()
  await until('Redis is gone', () => service.deps.redis.status !== 'ready')
}

async function bringRedisBack(): Promise<void> {
  await redisProxy.setMode('pass')
  await until('Redis is back', () => service.deps.redis.status === 'ready')
}

function change(session: string, currentPassword: string, newPassword: string) {
  return service.client.changePassword({ session, body: { currentPassword, newPassword } })
}

function close(session: string) {
  return service.client.closeAccount({ session, body: { currentPassword: PASSWORD } })
}

async function rowOf(id: string) {
  const [row] = await read(service.deps.database, (connection) =>
    connection.select().from(users).where(eq(users.id, id)),
  )
  return row
}

describe('POST /users/me/password', () => {
  test('changes the password and ends the other sessions', async () => {
    const { email, session } = await member(service)
    const other = await logIn(service, email)
    expect((await change(session, PASSWORD, OTHER_PASSWORD)).status).toBe(204)
    expect(await isValid(session)).toBe(true)
    expect(await isValid(other.session)).toBe(false)
    expect(await refusal(logIn(service, email, PASSWORD))).toMatchObject({ status: 401 })
    expect(await isValid((await logIn(service, email, OTHER_PASSWORD)).session)).toBe(true)
  })

  test.each([
    ['a wrong present password', 'not the password', OTHER_PASSWORD, 401, 'wrong-credentials', undefined],
    ['a common password', PASSWORD, 'password1', 422, 'password-too-common', '/newPassword'],
    ['the present password', PASSWORD, PASSWORD, 422, 'password-unchanged', '/newPassword'],
    ['a short password', PASSWORD, '7 chars', 422, 'validation-failed', '/newPassword'],
  ])('refuses %s and ends nothing', async (_, current, next, status, code, pointer) => {
    const { email, session } = await member(service)
    const other = await logIn(service, email)
    const problem = await refusal(change(session, current, next))
    expect(problem).toMatchObject({ status, code })
    expect(problem.errors[0]?.pointer).toBe(pointer ?? problem.errors[0]?.pointer)
    expect(await isValid(other.session)).toBe(true)
    expect(await logIn(service, email)).toMatchObject({ userType: 'BUYER' })
  })

  test('leaves no session to a log-in that had shown the old password before', async () => {
    const { email, session, sessionId } = await member(service)
    uponAnswer(/^POST \/authentications/, () => change(session, PASSWORD, OTHER_PASSWORD))
    expect(await refusal(logIn(service, email))).toMatchObject({ status: 401, code: 'wrong-credentials' })
    const { items } = (await service.client.listSessions({ session })).body
    expect(items.map((item) => item.sessionId)).toEqual([sessionId])
  })

  test('leaves no session to any log-in with the old password that runs beside it', async () => {
    const { email, session } = await member(service)
    const passwords = [PASSWORD, OTHER_PASSWORD]
    for (let round = 0; round < 8; round++) {
      const [current = '', next = ''] = round % 2 === 0 ? passwords : passwords.toReversed()
      const attempts = [logIn(service, email, current), logIn(service, email, current)]
      const [changed, ...loggedIn] = await Promise.allSettled([change(session, current, next), ...attempts])
      expect(changed.status).toBe('fulfilled')
      for (const answer of loggedIn)
        if (answer.status === 'fulfilled') expect(await isValid(answer.value.session)).toBe(false)
    }
  })

  test('can be repeated when the password was changed but the answer got lost', async () => {
    const { email, session } = await member(service)
    const other = await logIn(service, email)
    relay.onAnswer = async () => 'lose'
    expect(await refusal(change(session, PASSWORD, OTHER_PASSWORD))).toMatchObject({
      status: 503,
      code: 'outcome-unknown',
    })
    relay.onAnswer = async () => 'deliver'
    expect((await change(session, PASSWORD, OTHER_PASSWORD)).status).toBe(204)
    expect(await isValid(other.session)).toBe(false)
    expect(await refusal(change(session, PASSWORD, 'third secret word'))).toMatchObject({ status: 401 })
  })

  test('can be repeated when the password was changed but Redis was away', async () => {
    const { email, session } = await member(service)
    const other = await logIn(service, email)
    uponAnswer(/^POST \/credentials/, takeRedisAway)
    expect(await refusal(change(session, PASSWORD, OTHER_PASSWORD))).toMatchObject({
      status: 503,
      code: 'outcome-unknown',
    })
    await bringRedisBack()
    expect(await isValid(other.session)).toBe(true)
    expect((await change(session, PASSWORD, OTHER_PASSWORD)).status).toBe(204)
    expect(await isValid(other.session)).toBe(false)
    expect(await isValid(session)).toBe(true)
  })
})

describe('POST /users/me/closure', () => {
  test('frees the login and leaves nothing but the row', async () => {
    const person = await member(service, 'SELLER')
    const { id, email, mobileNumber, session } = person
    const other = await logIn(service, email)
    const place = { line1: 'High Street 1', city: 'Ulm', postalCode: '89073', country: 'DE' }
    await service.client.addAddress({ session, body: { kind: 'HOME', recipient: 'Ada', ...place } })

    expect((await close(session)).status).toBe(204)
    expect(await isValid(session)).toBe(false)
    expect(await isValid(other.session)).toBe(false)
    const closed = { status: 'CLOSED', name: 'Closed account', email: null, mobileNumber: null }
    expect(await rowOf(id)).toMatchObject(closed)
    const left = await read(service.deps.database, (connection) =>
      connection.select().from(addresses).where(eq(addresses.userId, id)),
    )
    expect(left).toHaveLength(0)
    expect(await refusal(logIn(service, email))).toMatchObject({ status: 401 })

    const successor = await service.client.signUp({ body: { ...newcomer(), email, mobileNumber } })
    expect(successor.body.id).not.toBe(id)
  })

  test.each([
    ['a buyer with open orders', 'BUYER', { orderIds: [newId()], productIds: [] }],
    ['a seller with open orders', 'SELLER', { orderIds: [newId()], productIds: [] }],
    ['a seller with products', 'SELLER', { orderIds: [], productIds: [newId()] }],
  ] as const)('refuses %s, names what is open, and closes nothing', async (_, type, open) => {
    const { session, id, email } = await member(service, type)
    const other = await logIn(service, email)
    Object.assign(service.neighbours, open)
    expect(await refusal(close(session))).toMatchObject({
      status: 409,
      code: 'open-business',
      members: open,
    })
    expect((await rowOf(id))?.status).toBe('ACTIVE')
    expect([await isValid(session), await isValid(other.session)]).toEqual([true, false])
    expect(await logIn(service, email)).toMatchObject({ userId: id })

    Object.assign(service.neighbours, { orderIds: [], productIds: [] })
    expect((await close(session)).status).toBe(204)
  })

  test('asks what is open when no other session can begin anything any more', async () => {
    const { session, email } = await member(service)
    const other = await logIn(service, email)
    const asked: unknown[] = []
    service.neighbours.before = async (with_) =>
      void asked.push({
        isOwn: with_ === session,
        own: await isValid(session),
        other: await isValid(other.session),
      })
    await close(session)
    service.neighbours.before = () => undefined
    expect(asked).toEqual([{ isOwn: true, own: true, other: false }])
  })

  test('closes nothing when nobody can say what is open', async () => {
    const { session, id } = await member(service)
    service.neighbours.before = () => {
      throw new DependencyUnavailable('order')
    }
    expect(await refusal(close(session))).toMatchObject({ status: 503, code: 'dependency-unavailable' })
    service.neighbours.before = () => undefined
    expect((await rowOf(id))?.status).toBe('ACTIVE')
    expect((await close(session)).status).toBe(204)
  })

  test('refuses a wrong password and closes nothing', async () => {
    const { session, id } = await member(service)
    const attempt = service.client.closeAccount({ session, body: { currentPassword: 'not the password' } })
    expect(await refusal(attempt)).toMatchObject({ status: 401, code: 'wrong-credentials' })
    expect((await rowOf(id))?.status).toBe('ACTIVE')
  })

  test('leaves no session to a log-in that runs beside it', async () => {
    const { session, email, id } = await member(service)
    let closing = false
    relay.onAnswer = async (request) => {
      if (request === 'POST /authentications' && !closing) {
        closing = true
        await close(session)
      }
      return 'deliver'
    }
    expect(await refusal(logIn(service, email))).toMatchObject({ status: 401, code: 'wrong-credentials' })
    relay.onAnswer = async () => 'deliver'
    expect(await service.deps.redis.exists(`sessions:${id}`)).toBe(0)
  })

  test('can be repeated when it broke off, and nobody gets in meanwhile', async () => {
    const { session, email, id } = await member(service)
    relay.onAnswer = async (request) => (request.startsWith('DELETE') ? 'lose' : 'deliver')
    expect(await refusal(close(session))).toMatchObject({ status: 503, code: 'outcome-unknown' })
    relay.onAnswer = async () => 'deliver'
    expect((await rowOf(id))?.status).toBe('CLOSING')
    expect(await refusal(service.client.readProfile({ session }))).toMatchObject({ status: 401 })
    expect(await refusal(logIn(service, email))).toMatchObject({ status: 401 })

    expect((await close(session)).status).toBe(204)
    expect((await rowOf(id))?.status).toBe('CLOSED')
    expect(await isValid(session)).toBe(false)
  })

  test('is finished by the tidier when nobody repeats it', async () => {
    const { session, id } = await member(service)
    uponAnswer(/^DELETE/, takeRedisAway)
    expect(await refusal(close(session))).toMatchObject({ status: 503, code: 'outcome-unknown' })
    await bringRedisBack()
    expect(await isValid(session)).toBe(true)
    await tidyAccounts(service.deps)
    expect(await isValid(session)).toBe(false)
    expect((await rowOf(id))?.status).toBe('CLOSED')
  })
})

test('a log-in gives up when the sessions of its user are ended again and again', async () => {
  const { email, id } = await member(service)
  relay.onAnswer = async () => {
    await inTransaction(service.deps.database, (tx) => saveSessionsEpoch(tx, { userId: id }))
    return 'deliver'
  }
  expect(await refusal(logIn(service, email))).toMatchObject({ status: 429, code: 'too-many-requests' })
  relay.onAnswer = async () => 'deliver'
  expect(await logIn(service, email)).toMatchObject({ userId: id })
})
