import { describe, expect, test } from 'bun:test'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eventually, newPerson, type Person } from '../../journeys/world.ts'
import { isFull } from '../input/fuzz.ts'
import { ask, type Call, type Credentials, codeOf } from '../system/ask.ts'
import { sessionOf, succeed } from '../system/market.ts'
import { type Operation, operationOf } from '../system/operations.ts'
import { storesFolder } from '../system/stack.ts'
import { newSession } from '../system/valid-calls.ts'

const ROUNDS = isFull ? 1_000 : 20
/** A session that is ended is refused long before; this only keeps a test from never ending. */
const USES_MAX = 2_000
/** Where the private Redis of a stack writes what it holds. */
const redisFolder = join(storesFolder, 'redis', 'appendonlydir')
/** Something that each service answers to a seller who is logged in. */
const doors = ['user readProfile', 'inventory listOwnProducts', 'order listSales'].map(operationOf)

describe('S21 a session', () => {
  test('is in no file of Redis', async () => {
    const person = await newPerson('BUYER')
    const { as } = await newSession(person)
    const files = await readdir(redisFolder)
    expect(files.length).toBeGreaterThan(0)
    for (const file of files) {
      const content = await readFile(join(redisFolder, file), 'latin1')
      for (const { session = '' } of [as, sessionOf(person)]) expect(content.includes(session)).toBe(false)
    }
  })
})

describe('S22 a log-in', () => {
  test('never makes a session of what the client brought along', async () => {
    const person = await newPerson('SELLER')
    const planted = { session: 'A'.repeat(43), cookie: `SESSION=${'A'.repeat(43)}` }
    const body = { login: person.email, password: person.password }
    const answer = await succeed('user logIn', { body }, planted)
    expect(answer.text).not.toContain(planted.session)
    expect(await statusesOf(planted)).toEqual([401, 401, 401])
  })
})

const endings: [string, string, (person: Person, sessionId: string) => Call & { after?: number }][] = [
  ['log-out', 'user logOut', () => ({})],
  ['log-out everywhere', 'user logOutEverywhere', () => ({})],
  ['ending one of them', 'user endSession', (_, sessionId) => ({ params: { sessionId } })],
  [
    'another password',
    'user changePassword',
    ({ password }) => ({
      body: { currentPassword: password, newPassword: 'a quiet lake at four in the morning' },
    }),
  ],
  ['closing the account', 'user closeAccount', ({ password }) => ({ body: { currentPassword: password } })],
]

describe('S24 a session that is ended', () => {
  test.each(endings)('by %s is refused by every service at once, and for ever', async (_, id, callOf) => {
    const person = await newPerson('SELLER')
    const { as, sessionId } = await newSession(person)
    expect(await statusesOf(as)).toEqual([200, 200, 200])
    // Only a log-out ends the session that asks for it.
    const by = id === 'user logOut' ? as : sessionOf(person)
    await succeed(id, callOf(person, sessionId), by)
    expect(await statusesOf(as)).toEqual([401, 401, 401])
    expect(await statusesOf(as)).toEqual([401, 401, 401])
  })

  test('while it is being used lets in nothing that was sent after the answer to its log-out', async () => {
    const person = await newPerson('SELLER')
    const late: string[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const { as } = await newSession(person)
      const uses: Use[] = []
      const users = doors.map((door) => useUntilRefused(door, as, uses))
      await eventually(
        async () => uses.filter(({ status }) => status === 200),
        (served) => new Set(served.map(({ door }) => door)).size === doors.length,
      )
      await succeed('user logOut', {}, as)
      const endedAt = performance.now()
      await Promise.all(users)
      late.push(
        ...uses
          .filter(({ sentAt, status }) => sentAt > endedAt && status !== 401)
          .map(({ door, status }) => `round ${round}: ${door} answered ${status}`),
      )
    }
    expect(late).toEqual([])
  })
})

describe('S25 the sessions of a user', () => {
  test('are at most twenty: the oldest gives way', async () => {
    const person = await newPerson('SELLER')
    const first = sessionOf(person)
    for (let count = 0; count < 20; count++) await newSession(person)
    expect(await statusesOf(first)).toEqual([401, 401, 401])
  })
})

describe('S27 what matters most', () => {
  const cases: [string, string, object][] = [
    ['another e-mail address', 'user changeProfile', { email: 'eve@example.com' }],
    ['another mobile number', 'user changeProfile', { mobileNumber: '+4915112345670' }],
  ]
  test.each(cases)('wants the password again: %s', async (_, id, body) => {
    const answer = await ask(operationOf(id), { body }, sessionOf(await newPerson('BUYER')))
    expect(`${answer.status} ${codeOf(answer)}`).toBe('403 reauthentication-required')
  })

  test.each([
    ['another password', 'user changePassword', { newPassword: 'a quiet lake at four in the morning' }],
    ['closing the account', 'user closeAccount', {}],
  ])('wants the right password: %s', async (_, id, body) => {
    const person = await newPerson('BUYER')
    const without = await ask(operationOf(id), { body }, sessionOf(person))
    expect(without.status).toBe(422)
    const wrong = await ask(
      operationOf(id),
      { body: { ...body, currentPassword: 'wrong' } },
      sessionOf(person),
    )
    expect(`${wrong.status} ${codeOf(wrong)}`).toBe('401 wrong-credentials')
  })
})

async function statusesOf(credentials: Credentials): Promise<number[]> {
  return Promise.all(doors.map(async (door) => (await ask(door, {}, credentials)).status))
}

/** One request with a session, and how it was answered. */
type Use = { door: string; sentAt: number; status: number }

/** Uses a session again and again at one door, until it is refused there. */
async function useUntilRefused(door: Operation, as: Credentials, uses: Use[]): Promise<void> {
  for (let count = 0; count < USES_MAX; count++) {
    const sentAt = performance.now()
    const { status } = await ask(door, {}, as)
    uses.push({ door: door.id, sentAt, status })
    if (status === 401) return
  }
  throw new Error(`${door.id} still lets in a session that was ended`)
}
