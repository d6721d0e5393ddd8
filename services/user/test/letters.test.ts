import { afterAll, describe, expect, test } from 'bun:test'
import { read, repeatably } from '@bazaar/shared/database/database'
import { letters } from '@bazaar/shared/letters/letters'
import { type MailServer, startMailServer } from '@bazaar/shared/testing/mail-server'
import { refusal } from '@bazaar/shared/testing/refusal'
import { freePort, startService } from '@bazaar/shared/testing/service'
import { REDIS_URL } from '@bazaar/shared/testing/stores'
import { until } from '@bazaar/shared/testing/until'
import { asc, eq, sql } from 'drizzle-orm'
import { wordsOf } from '../src/letters/words-of.ts'
import { openService } from './open-service.ts'
import { member, newcomer, PASSWORD } from './user-service.ts'

const OTHER_PASSWORD = 'short blue chairs 8'

let mail: MailServer

const { iam, service } = await openService()
mail = await startMailServer()
afterAll(async () => {
  await mail.close()
})

/** The letters to a person: their kind and address. */
async function lettersTo(userId: string) {
  const found = await read(service.deps.database, (connection) =>
    connection.select().from(letters).where(eq(letters.userId, userId)).orderBy(asc(letters.id)),
  )
  return found.map(({ kind, recipient }) => [kind, recipient.email])
}

describe('the owner of an account is told', () => {
  test('of a new password, and of no attempt at one', async () => {
    const { id, email, session } = await member(service)
    const wrong = { currentPassword: 'not the password', newPassword: OTHER_PASSWORD }
    expect(await refusal(service.client.changePassword({ session, body: wrong }))).toMatchObject({
      status: 401,
    })
    expect(await lettersTo(id)).toEqual([['email-verification', email]])
    await service.client.changePassword({
      session,
      body: { currentPassword: PASSWORD, newPassword: OTHER_PASSWORD },
    })
    expect(await lettersTo(id)).toEqual([
      ['email-verification', email],
      ['password-changed', email],
    ])
  })

  test('of a new e-mail address at the old one and the new one, and of a mobile number', async () => {
    const { id, email, session } = await member(service)
    const other = newcomer()
    const { mobileNumber } = other
    await service.client.changeProfile({
      session,
      body: { email: other.email, mobileNumber, currentPassword: PASSWORD },
    })
    await service.client.changeProfile({ session, body: { name: 'Another Name', language: 'de' } })
    expect(await lettersTo(id)).toEqual([
      ['email-verification', email],
      ['email-changed', email],
      ['email-added', other.email],
      ['mobile-number-changed', email],
      ['email-verification', other.email],
    ])
  })

  test('of the end of the account, and no other letter to them is kept', async () => {
    const { id, email, session } = await member(service)
    await service.client.changePassword({
      session,
      body: { currentPassword: PASSWORD, newPassword: OTHER_PASSWORD },
    })
    const body = { currentPassword: OTHER_PASSWORD }
    await service.client.closeAccount({ session, body })
    expect(await lettersTo(id)).toEqual([['account-closed', email]])
  })
})

test('the language of an account is that of its letters', async () => {
  const signUp = { ...newcomer(), language: 'de' as const }
  expect((await service.client.signUp({ body: signUp })).body).toMatchObject({ language: 'de' })
  const { session } = (await service.client.logIn({ body: { login: signUp.email, password: PASSWORD } })).body
  const changed = await service.client.changeProfile({ session, body: { language: 'en' } })
  expect(changed.body).toMatchObject({ language: 'en' })
  const recipient = { email: signUp.email, language: 'de' as const }
  const letter = { kind: 'password-changed', facts: { at: '2026-01-02T03:04:05Z' }, recipient }
  expect(
    wordsOf(letter, { letters: { shopOrigin: 'https://shop.example' }, linkSecret: 'secret' }).subject,
  ).toBe('Ihr Passwort wurde geändert')
})

test('a letter whose delivery is under way when its service is killed is sent by the next one', async () => {
  const { deps } = service
  const environment = {
    DATABASE_URL: service.databaseUrl,
    REDIS_URL,
    // No broker: a second consumer on the shared one would take the messages of others.
    RABBITMQ_URL: 'amqp://127.0.0.1:1',
    IAM_URL: iam.url,
    IAM_API_KEY: iam.apiKey,
    ORDER_URL: `http://127.0.0.1:${await freePort()}`,
    INVENTORY_URL: `http://127.0.0.1:${await freePort()}`,
    LINK_SECRET: deps.linkSecret,
    SMTP_URL: mail.url,
    LETTERS_FROM: 'shop@shop.example',
    SHOP_ORIGIN: 'https://shop.example',
  }
  const { id, email, session } = await member(service)
  await repeatably(deps.database, (connection) => connection.delete(letters))
  const killed = await startService('user', environment)
  mail.next(() => killed.kill())
  await service.client.changePassword({
    session,
    body: { currentPassword: PASSWORD, newPassword: OTHER_PASSWORD },
  })
  await killed.ended
  const sentAt = async () =>
    (await read(deps.database, (connection) => connection.select().from(letters)))[0]?.sentAt
  expect(await sentAt()).toBeNull()
  // As if its lease were over.
  await repeatably(deps.database, (connection) => connection.update(letters).set({ dueAt: sql`now(3)` }))
  const next = await startService('user', environment)
  await until('it is noted as sent', async () => (await sentAt()) instanceof Date)
  expect(await next.stop()).toBe(0)
  expect(mail.delivered).toHaveLength(2)
  expect(new Set(mail.delivered.map(({ messageId }) => messageId)).size).toBe(1)
  expect(mail.delivered[0]?.messageId).toStartWith(`<password-changed.${id}.`)
  const log = [...killed.output, ...next.output].join('\n')
  expect(log).toContain('letter sent')
  expect(log).not.toContain(email)
})
