import { describe, expect, test } from 'bun:test'
import { parseSession, sessionRecordKey } from '@bazaar/shared/auth/sessions'
import { inTransaction, read, repeatably } from '@bazaar/shared/database/database'
import { letters } from '@bazaar/shared/letters/letters'
import { refusal } from '@bazaar/shared/testing/refusal'
import { and, asc, eq, sql } from 'drizzle-orm'
import { wordsOf } from '../src/letters/words-of.ts'
import { emailVerifications } from '../src/tables.ts'
import { saveVerified } from '../src/verification/verification-store.ts'
import { openService } from './open-service.ts'
import { logIn, member, newcomer, PASSWORD } from './user-service.ts'

const { service } = await openService()

/** The letters with a link to a person, the oldest first. */
function lettersTo(userId: string) {
  return read(service.deps.database, (connection) =>
    connection
      .select()
      .from(letters)
      .where(and(eq(letters.userId, userId), eq(letters.kind, 'email-verification')))
      .orderBy(asc(letters.id)),
  )
}

/** The tokens in the letters to a person, the oldest first. */
async function tokensOf(userId: string): Promise<string[]> {
  const config = { letters: { shopOrigin: 'https://shop.example' }, linkSecret: service.deps.linkSecret }
  return (await lettersTo(userId)).map(
    (letter) => new URL(wordsOf(letter, config).link?.url ?? '').searchParams.get('link') ?? '',
  )
}

async function profileOf({ session }: { session: string }) {
  return (await service.client.readProfile({ session })).body
}

const use = (token = '') => service.client.verifyEmail({ body: { token } })

describe('an e-mail address', () => {
  test('is verified by the link of the letter that sign-up sends, once; the ETag changes', async () => {
    const person = await member(service)
    expect((await profileOf(person)).emailVerifiedAt).toBeNull()
    const [token] = await tokensOf(person.id)
    expect((await use(token)).status).toBe(204)
    expect(await profileOf(person)).toMatchObject({ emailVerifiedAt: expect.any(String), version: 2 })
    expect(await refusal(use(token))).toMatchObject({ status: 401, code: 'wrong-credentials' })
  })

  test('that is changed is unverified, and no link to the old one verifies it', async () => {
    const person = await member(service)
    const [old] = await tokensOf(person.id)
    const body = { email: newcomer().email, currentPassword: PASSWORD }
    await service.client.changeProfile({ session: person.session, body })
    expect(await refusal(use(old))).toMatchObject({ code: 'wrong-credentials' })
    const [, fresh] = await tokensOf(person.id)
    expect((await use(fresh)).status).toBe(204)
    const again = { email: newcomer().email, currentPassword: PASSWORD }
    const changed = await service.client.changeProfile({ session: person.session, body: again })
    expect(changed.body.emailVerifiedAt).toBeNull()
  })

  test('is sent three links at most while they work, and none once it is verified', async () => {
    const person = await member(service)
    const ask = () => service.client.askForEmailVerification({ session: person.session })
    for (let time = 0; time < 4; time++) expect((await ask()).status).toBe(202)
    const tokens = await tokensOf(person.id)
    expect(tokens).toHaveLength(3)
    await use(tokens[1])
    await ask()
    expect(await lettersTo(person.id)).toHaveLength(3)
  })

  test('is not verified by a link after an hour', async () => {
    const person = await member(service)
    const [token] = await tokensOf(person.id)
    await repeatably(service.deps.database, (connection) =>
      connection
        .update(emailVerifications)
        .set({ expiresAt: sql`${emailVerifications.expiresAt} - interval 61 minute` })
        .where(eq(emailVerifications.userId, person.id)),
    )
    expect(await refusal(use(token))).toMatchObject({ code: 'wrong-credentials' })
  })
})

test('a token is in no table', async () => {
  const person = await member(service)
  const [token = ''] = await tokensOf(person.id)
  const links = await read(service.deps.database, (connection) =>
    connection.select().from(emailVerifications),
  )
  expect(token).toHaveLength(43)
  expect(JSON.stringify([await lettersTo(person.id), links])).not.toContain(token)
})

describe('the sessions of a user', () => {
  async function marksOf(...sessions: string[]): Promise<(boolean | undefined)[]> {
    const stored = await service.deps.redis.mget(sessions.map(sessionRecordKey))
    return stored.map((text) => parseSession(text ?? '').emailVerified)
  }

  test('say whether the address is verified: those that are there, and later ones, as long as they would', async () => {
    const person = await member(service)
    const { session: other } = await logIn(service, person.email)
    expect(await marksOf(person.session, other)).toEqual([false, false])
    const [token] = await tokensOf(person.id)
    await service.deps.redis.pexpire(sessionRecordKey(other), 500_000)
    await use(token)
    const { session: later } = await logIn(service, person.email)
    expect(await marksOf(person.session, other, later)).toEqual([true, true, true])
    expect(await service.deps.redis.pttl(sessionRecordKey(other))).toBeWithin(1, 500_001)

    const body = { email: newcomer().email, currentPassword: PASSWORD }
    await service.client.changeProfile({ session: person.session, body })
    expect(await marksOf(person.session)).toEqual([false])
  })

  test('learn of it at their next request, if nobody could tell them before', async () => {
    const person = await member(service)
    await inTransaction(service.deps.database, (tx) => saveVerified(tx, person.id))
    expect(await marksOf(person.session)).toEqual([false])
    await profileOf(person)
    expect(await marksOf(person.session)).toEqual([true])
  })
})
