import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { newId } from '@bazaar/shared/database/columns'
import { read, repeatably } from '@bazaar/shared/database/database'
import { refusal } from '@bazaar/shared/testing/refusal'
import { eq } from 'drizzle-orm'
import { saveRehash } from '../src/credential-store.ts'
import { credentials } from '../src/tables.ts'
import { startIam, type TestIam, TIMEOUT_MS } from './iam-service.ts'

setDefaultTimeout(TIMEOUT_MS)

const PASSWORD = 'tall green lamps 7'
const OTHER_PASSWORD = 'short blue chairs 8'

let iam: TestIam

beforeAll(async () => {
  iam = await startIam()
})

afterAll(() => iam.close())

const set = (userId: string, password: string) =>
  iam.client().setCredential({ params: { userId }, body: { password } })

const verify = (userId: string, password: string) =>
  iam.client().verifyCredential({ body: { userId, password } })

const change = (userId: string, currentPassword: string, newPassword: string) =>
  iam.client().changePassword({ params: { userId }, body: { currentPassword, newPassword } })

/** A new user who has the password. */
async function withPassword(password = PASSWORD): Promise<string> {
  const userId = newId()
  await set(userId, password)
  return userId
}

async function stored(userId: string) {
  const [row] = await read(iam.database, (connection) =>
    connection.select().from(credentials).where(eq(credentials.userId, userId)),
  )
  return row
}

/** All that can be seen of an answer, but for what names the request. */
async function seen(method: string, path: string, body: object) {
  const answer = await fetch(`${iam.url}${path}`, {
    method,
    headers: { 'x-api-key': iam.key, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const problem: Record<string, unknown> = await answer.json()
  return {
    status: answer.status,
    headers: { ...Object.fromEntries(answer.headers), 'x-request-id': '', date: '' },
    body: { ...problem, instance: '' },
  }
}

test('a password is the same however it is composed, and so it is not a new one', async () => {
  const [composed, apart] = ['Cr\u00e8me br\u00fbl\u00e9e', 'Cre\u0300me bru\u0302le\u0301e']
  const userId = await withPassword(composed)
  expect((await verify(userId, apart)).status).toBe(200)
  expect((await set(userId, apart)).status).toBe(204)
  expect(await refusal(change(userId, composed, apart))).toMatchObject({ code: 'password-unchanged' })
})

test('a password is as long as it looks: accents of their own do not count', async () => {
  const userId = newId()
  expect(await refusal(set(userId, 'e\u0301'.repeat(7)))).toMatchObject({
    status: 422,
    code: 'validation-failed',
  })
  expect((await set(userId, 'e\u0301'.repeat(8))).status).toBe(204)
})

describe('PUT /credentials/:userId', () => {
  test('sets the password of a new user, once and again', async () => {
    const userId = newId()
    expect((await set(userId, PASSWORD)).status).toBe(204)
    expect((await set(userId, PASSWORD)).status).toBe(204)
    expect((await verify(userId, PASSWORD)).body).toEqual({ userId, credentialVersion: 1 })
  })

  test('stores a bcrypt hash with a salt of its own', async () => {
    const [one, other] = await Promise.all([withPassword(), withPassword()])
    const [first, second] = [await stored(one), await stored(other)]
    expect(first?.passwordHash).toMatch(/^\$2b\$10\$[./A-Za-z0-9]{53}$/)
    expect(first?.passwordHash).not.toBe(second?.passwordHash)
  })

  test('refuses another password and keeps the first', async () => {
    const userId = await withPassword()
    expect(await refusal(set(userId, OTHER_PASSWORD))).toMatchObject({
      status: 409,
      code: 'credential-exists',
    })
    expect((await verify(userId, PASSWORD)).status).toBe(200)
    expect(await refusal(verify(userId, OTHER_PASSWORD))).toMatchObject({ status: 401 })
  })

  test('lets one of several win that come at once', async () => {
    const userId = newId()
    const passwords = [PASSWORD, OTHER_PASSWORD, 'third secret word']
    const answers = await Promise.allSettled(passwords.map((password) => set(userId, password)))
    const winners = passwords.filter((_, index) => answers[index]?.status === 'fulfilled')
    expect(winners).toHaveLength(1)
    expect((await verify(userId, winners[0] ?? '')).status).toBe(200)
  })

  test.each(['password', 'PASSWORD', '12345678', 'iloveyou', 'Qwertyuiop'])(
    'refuses the common password %s',
    async (password) => {
      const userId = newId()
      expect(await refusal(set(userId, password))).toMatchObject({
        status: 422,
        code: 'password-too-common',
        errors: [{ pointer: '/password', code: 'too-common' }],
      })
      expect(await stored(userId)).toBeUndefined()
    },
  )

  test.each([
    ['7 characters', '1234567'],
    ['7 emoji, each of which needs two units', '🦉'.repeat(7)],
    ['257 characters', 'x'.repeat(257)],
    ['a NUL', 'abcdefgh\u0000'],
    ['half a character', 'abcdefgh\ud800'],
    ['a number', 12345678],
    ['nothing', undefined],
  ])('answers 422 to %s', async (_, password) => {
    const answer = await seen('PUT', `/credentials/${newId()}`, { password })
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/password' }] } })
  })

  test.each([
    ['64 ASCII characters', 'Aa1 '.repeat(16)],
    ['256 ASCII characters', 'Aa1-'.repeat(64)],
    ['64 emoji', '🦉'.repeat(64)],
    ['Devanagari', 'नमस्ते दुनिया'],
    ['combining marks', 'e\u0301te\u0301 a\u0300 la mer'],
    ['blanks at both ends', '  owls at dusk  '],
  ])('S03 takes %s exactly as typed', async (_, password) => {
    const userId = await withPassword(password)
    expect((await verify(userId, password)).status).toBe(200)
    const shortened = [...password].slice(0, -1).join('')
    expect(await refusal(verify(userId, shortened))).toMatchObject({ status: 401 })
    if (password.trim() !== password)
      expect(await refusal(verify(userId, password.trim()))).toMatchObject({ status: 401 })
  })
})

describe('POST /authentications', () => {
  test('answers alike whether the user is unknown or the password wrong', async () => {
    const userId = await withPassword()
    const forgotten = await withPassword()
    await iam.client().deleteCredential({ params: { userId: forgotten } })
    const wrong = await seen('POST', '/authentications', { userId, password: OTHER_PASSWORD })
    expect(wrong).toMatchObject({ status: 401, body: { code: 'wrong-credentials' } })
    expect(await seen('POST', '/authentications', { userId: newId(), password: PASSWORD })).toEqual(wrong)
    expect(await seen('POST', '/authentications', { userId: forgotten, password: PASSWORD })).toEqual(wrong)
    expect(await seen('POST', '/authentications', { userId, password: '' })).toEqual(wrong)
  })

  test('S01 renews a hash of another cost, and the password stays the same', async () => {
    const userId = await withPassword()
    const dearer = await startIam({ databaseUrl: iam.databaseUrl, bcryptCost: 11 })
    try {
      const answer = await dearer.client().verifyCredential({ body: { userId, password: PASSWORD } })
      expect(answer.body.credentialVersion).toBe(1)
      expect(await stored(userId)).toMatchObject({
        passwordHash: expect.stringMatching(/^\$2b\$11\$/),
        version: 1,
      })
      const again = await dearer.client().verifyCredential({ body: { userId, password: PASSWORD } })
      expect(again.status).toBe(200)
    } finally {
      await dearer.close()
    }
  })

  test('does not renew the hash of a password that was changed meanwhile', async () => {
    const userId = await withPassword()
    const before = await stored(userId)
    if (!before) throw new Error('the credential is missing')
    await change(userId, PASSWORD, OTHER_PASSWORD)
    await repeatably(iam.database, (connection) => saveRehash(connection, before, before.passwordHash))
    expect((await verify(userId, OTHER_PASSWORD)).status).toBe(200)
    expect(await refusal(verify(userId, PASSWORD))).toMatchObject({ status: 401 })
  })

  test('answers 429 with the time to wait when too many come at once', async () => {
    const userId = await withPassword()
    const body = { userId, password: OTHER_PASSWORD }
    const answers = await Promise.all(
      Array.from({ length: 60 }, () => seen('POST', '/authentications', body)),
    )
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused.length).toBeGreaterThan(0)
    expect(refused[0]).toMatchObject({ headers: { 'retry-after': '2' }, body: { code: 'too-many-requests' } })
    expect(answers.every(({ status }) => status === 401 || status === 429)).toBe(true)
    expect((await verify(userId, PASSWORD)).status).toBe(200)
  })
})

describe('POST /credentials/:userId/password', () => {
  test('changes the password and counts the change', async () => {
    const userId = await withPassword()
    expect((await change(userId, PASSWORD, OTHER_PASSWORD)).status).toBe(204)
    expect(await refusal(verify(userId, PASSWORD))).toMatchObject({ status: 401 })
    expect((await verify(userId, OTHER_PASSWORD)).body.credentialVersion).toBe(2)
  })

  test.each([
    ['a wrong present password', OTHER_PASSWORD, 'third secret word', 401, 'wrong-credentials', undefined],
    ['a common password', PASSWORD, 'password123', 422, 'password-too-common', '/newPassword'],
    ['the present password', PASSWORD, PASSWORD, 422, 'password-unchanged', '/newPassword'],
    ['a short password', PASSWORD, '1234567', 422, 'validation-failed', '/newPassword'],
  ])('refuses %s and changes nothing', async (_, current, next, status, code, pointer) => {
    const userId = await withPassword()
    const problem = await refusal(change(userId, current, next))
    expect(problem).toMatchObject({ status, code })
    expect(problem.errors.map((error) => error.pointer)).toEqual(pointer ? [pointer] : [])
    expect((await verify(userId, PASSWORD)).body.credentialVersion).toBe(1)
  })

  test('answers alike whether the user is unknown or the present password wrong', async () => {
    const body = { currentPassword: OTHER_PASSWORD, newPassword: 'third secret word' }
    const wrong = await seen('POST', `/credentials/${await withPassword()}/password`, body)
    expect(wrong.status).toBe(401)
    expect(await seen('POST', `/credentials/${newId()}/password`, body)).toEqual(wrong)
  })

  test('lets one of two win that come at once', async () => {
    const userId = await withPassword()
    const wanted = [OTHER_PASSWORD, 'third secret word']
    const answers = await Promise.allSettled(wanted.map((next) => change(userId, PASSWORD, next)))
    const winners = wanted.filter((_, index) => answers[index]?.status === 'fulfilled')
    expect(winners).toHaveLength(1)
    for (const answer of answers)
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'wrong-credentials' })
    expect((await verify(userId, winners[0] ?? '')).body.credentialVersion).toBe(2)
  })
})

describe('DELETE /credentials/:userId', () => {
  test('forgets the credential, once and again', async () => {
    const userId = await withPassword()
    for (let time = 0; time < 2; time++)
      expect((await iam.client().deleteCredential({ params: { userId } })).status).toBe(204)
    expect(await stored(userId)).toBeUndefined()
    expect(await refusal(verify(userId, PASSWORD))).toMatchObject({ status: 401 })
  })
})
