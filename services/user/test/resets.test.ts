import { describe, expect, test } from 'bun:test'
import { randomBytes } from 'node:crypto'
import { newId } from '@bazaar/shared/database/columns'
import { inTransaction, read, repeatably } from '@bazaar/shared/database/database'
import { letters } from '@bazaar/shared/letters/letters'
import { refusal } from '@bazaar/shared/testing/refusal'
import { and, asc, eq, sql } from 'drizzle-orm'
import { wordsOf } from '../src/letters/words-of.ts'
import { workResets } from '../src/resets/work-resets.ts'
import { passwordResets, resetRequests } from '../src/tables.ts'
import { openRelayedService } from './open-service.ts'
import { isValid, logIn, member, newcomer, PASSWORD } from './user-service.ts'

const OTHER_PASSWORD = 'short blue chairs 8'

const { relay, service } = await openRelayedService()

/** The letters of a kind to a person, the oldest first. */
function lettersTo(userId: string, kind: 'password-reset' | 'password-changed') {
  return read(service.deps.database, (connection) =>
    connection
      .select()
      .from(letters)
      .where(and(eq(letters.userId, userId), eq(letters.kind, kind)))
      .orderBy(asc(letters.id)),
  )
}

/** Asks for a link, and finds the tokens in the letters to a person. */
async function askFor(login: string, userId: string): Promise<string[]> {
  expect((await service.client.askForPasswordReset({ body: { login } })).status).toBe(202)
  await workResets(service.deps)
  const config = { letters: { shopOrigin: 'https://shop.example' }, linkSecret: service.deps.linkSecret }
  return (await lettersTo(userId, 'password-reset')).map(
    (letter) => new URL(wordsOf(letter, config).link?.url ?? '').searchParams.get('link') ?? '',
  )
}

async function tokenFor(person: { email: string; id: string }): Promise<string> {
  const [token = ''] = await askFor(person.email, person.id)
  return token
}

function use(token: string, newPassword = OTHER_PASSWORD) {
  return service.client.resetPassword({ body: { token, newPassword } })
}

/** As if this much time had gone by since every reset was made, and begun. */
async function age(minutes: number): Promise<void> {
  await repeatably(service.deps.database, (connection) =>
    connection.update(passwordResets).set({
      expiresAt: sql`${passwordResets.expiresAt} - interval ${minutes} minute`,
      dueAt: sql`${passwordResets.dueAt} - interval ${minutes} minute`,
    }),
  )
}

describe('a user who forgot their password', () => {
  test('sets a new one with the link of a letter, once; every session ends, and the owner is told', async () => {
    const person = await member(service)
    const token = await tokenFor(person)
    expect((await use(token)).status).toBe(204)
    expect(await isValid(service, person.session)).toBe(false)
    expect(await refusal(logIn(service, person.email, PASSWORD))).toMatchObject({ status: 401 })
    expect(await logIn(service, person.email, OTHER_PASSWORD)).toMatchObject({ userId: person.id })
    expect(await lettersTo(person.id, 'password-changed')).toHaveLength(1)
    expect(await refusal(use(token))).toMatchObject({ status: 401, code: 'wrong-credentials' })
  })

  test('may ask by mobile number, and gets three links at most while they work', async () => {
    const { id, email, mobileNumber } = await member(service)
    await askFor(mobileNumber, id)
    for (let time = 0; time < 4; time++) await askFor(email, id)
    expect(await lettersTo(id, 'password-reset')).toHaveLength(3)
  })

  test('may try again after a common password', async () => {
    const token = await tokenFor(await member(service))
    expect(await refusal(use(token, 'password123'))).toMatchObject({ code: 'password-too-common' })
    expect((await use(token)).status).toBe(204)
  })
})

describe('a link does not work', () => {
  test('after half an hour', async () => {
    const token = await tokenFor(await member(service))
    await age(31)
    expect(await refusal(use(token))).toMatchObject({ code: 'wrong-credentials' })
  })

  test('after another change of the password', async () => {
    const person = await member(service)
    const token = await tokenFor(person)
    const body = { currentPassword: PASSWORD, newPassword: 'quiet green rivers 9' }
    await service.client.changePassword({ session: person.session, body })
    expect(await refusal(use(token))).toMatchObject({ code: 'wrong-credentials' })
    expect(await isValid(service, person.session)).toBe(true)
  })

  test('after another e-mail address', async () => {
    const { email, id, session } = await member(service)
    const token = await tokenFor({ email, id })
    const body = { email: newcomer().email, currentPassword: PASSWORD }
    await service.client.changeProfile({ session, body })
    expect(await refusal(use(token))).toMatchObject({ code: 'wrong-credentials' })
    expect(await isValid(service, session)).toBe(true)
  })

  test('that nobody was sent', async () => {
    expect(await refusal(use('A'.repeat(43)))).toMatchObject({
      status: 401,
      code: 'wrong-credentials',
    })
  })
})

test('an unknown login, one that is none, and a known one are answered alike, and nothing of them is left', async () => {
  const { email, id } = await member(service)
  const answers = []
  for (const login of [email, newcomer().email, 'not a login'])
    answers.push((await service.client.askForPasswordReset({ body: { login } })).status)
  expect(answers).toEqual([202, 202, 202])
  await workResets(service.deps)
  expect(await lettersTo(id, 'password-reset')).toHaveLength(1)
  expect(await read(service.deps.database, (connection) => connection.select().from(resetRequests))).toEqual(
    [],
  )
})

test('a token is in no table', async () => {
  const person = await member(service)
  const token = await tokenFor(person)
  const rows = [
    ...(await lettersTo(person.id, 'password-reset')),
    ...(await read(service.deps.database, (connection) => connection.select().from(passwordResets))),
  ]
  expect(rows.length).toBeGreaterThan(1)
  expect(JSON.stringify(rows)).not.toContain(token)
})

describe('a reset that breaks off after the identity service has the new password', () => {
  test('is finished by the same request', async () => {
    const person = await member(service)
    const token = await tokenFor(person)
    relay.onAnswer = async (request) => (request.startsWith('PUT') ? 'lose' : 'deliver')
    expect(await refusal(use(token))).toMatchObject({ status: 503, code: 'outcome-unknown' })
    relay.onAnswer = async () => 'deliver'
    expect((await use(token)).status).toBe(204)
    expect(await isValid(service, person.session)).toBe(false)
  })

  test('is finished without anybody: the sessions end, the owner is told once', async () => {
    const person = await member(service)
    const token = await tokenFor(person)
    relay.onAnswer = async (request) => (request.startsWith('PUT') ? 'lose' : 'deliver')
    await refusal(use(token))
    relay.onAnswer = async () => 'deliver'
    await age(1)
    await workResets(service.deps)
    await workResets(service.deps)
    expect(await isValid(service, person.session)).toBe(false)
    expect(await lettersTo(person.id, 'password-changed')).toHaveLength(1)
    expect(await refusal(use(token))).toMatchObject({ code: 'wrong-credentials' })
  })

  test('is finished although more than one round can look at began before it and came to nothing', async () => {
    const { id: userId } = await member(service)
    const person = await member(service)
    const token = await tokenFor(person)
    relay.onAnswer = async (request) => (request.startsWith('PUT') ? 'lose' : 'deliver')
    await refusal(use(token))
    relay.onAnswer = async () => 'deliver'
    const begun = Array.from({ length: 20 }, () => ({
      id: newId(),
      userId,
      tokenHash: randomBytes(32),
      credentialVersion: 1,
      createdAt: sql`now(3)`,
      expiresAt: sql`now(3) + interval 30 minute`,
      dueAt: sql`now(3) - interval 1 minute`,
    }))
    await inTransaction(service.deps.database, (tx) => tx.insert(passwordResets).values(begun))
    await age(1)
    await workResets(service.deps)
    expect(await isValid(service, person.session)).toBe(true)
    await workResets(service.deps)
    expect(await isValid(service, person.session)).toBe(false)
  })

  test('whose password was never stored leaves everything as it was', async () => {
    const person = await member(service)
    const token = await tokenFor(person)
    const { database } = service.deps
    await inTransaction(database, (tx) =>
      tx.update(passwordResets).set({ dueAt: sql`now(3)` }).where(eq(passwordResets.userId, person.id)),
    )
    await age(1)
    await workResets(service.deps)
    expect(await isValid(service, person.session)).toBe(true)
    expect((await use(token)).status).toBe(204)
  })
})
