import { describe, expect, test } from 'bun:test'
import { randomInt } from 'node:crypto'
import { repeatably } from '@bazaar/shared/database/database'
import { refusal } from '@bazaar/shared/testing/refusal'
import { eq } from 'drizzle-orm'
import { users } from '../src/tables.ts'
import { openService } from './open-service.ts'
import { logIn, makeOld, newcomer, rowsOf } from './user-service.ts'

const { service } = await openService()

describe('POST /users', () => {
  test.each(['BUYER', 'SELLER'] as const)('signs up a %s who can then log in', async (type) => {
    const wanted = newcomer(type)
    const { status, body, headers } = await service.client.signUp({ body: wanted })
    const { password: _, ...profile } = wanted
    expect(status).toBe(201)
    expect(body).toEqual({
      ...profile,
      id: body.id,
      emailVerifiedAt: null,
      createdAt: body.createdAt,
      version: 1,
    })
    expect(headers.get('location')).toBe('/users/me')
    expect((await rowsOf(service, wanted.email)).map((row) => row.status)).toEqual(['ACTIVE'])
    expect(await logIn(service, wanted.mobileNumber)).toMatchObject({ userId: body.id, userType: type })
  })

  test('keeps a name of 120 emoji, and refuses one of 121', async () => {
    const body = { ...newcomer(), name: '🦉'.repeat(120) }
    expect((await service.client.signUp({ body })).body.name).toBe(body.name)
    expect((await rowsOf(service, body.email)).map(({ name }) => name)).toEqual([body.name])
    const attempt = service.client.signUp({ body: { ...newcomer(), name: '🦉'.repeat(121) } })
    expect((await refusal(attempt)).errors).toEqual([{ pointer: '/name', code: 'max-length', limit: 120 }])
  })

  test('keeps the e-mail address in lower case', async () => {
    const wanted = newcomer()
    const { body } = await service.client.signUp({ body: { ...wanted, email: wanted.email.toUpperCase() } })
    expect(body.email).toBe(wanted.email)
  })

  test('answers 409 for an e-mail address in use, whatever its letters', async () => {
    const first = newcomer()
    await service.client.signUp({ body: first })
    const body = { ...newcomer(), email: first.email.toUpperCase() }
    expect(await refusal(service.client.signUp({ body }))).toMatchObject({
      status: 409,
      code: 'email-taken',
      errors: [{ pointer: '/email', code: 'taken' }],
    })
    expect(await rowsOf(service, first.email)).toHaveLength(1)
  })

  test('answers 409 for one telephone written in two ways, and lets it log in by each', async () => {
    const national = String(randomInt(1e8, 9e8))
    const { body } = await service.client.signUp({
      body: { ...newcomer(), mobileNumber: `0049 (0)151 ${national}` },
    })
    expect(body.mobileNumber).toBe(`+49151${national}`)
    const copied = `\u202a+49 151 \u2013 ${national}\u202c`
    for (const mobileNumber of [
      `+49151${national}`,
      `+490151${national}`,
      `(+49) 151 ${national}\t`,
      copied,
    ]) {
      const again = service.client.signUp({ body: { ...newcomer(), mobileNumber } })
      expect(await refusal(again)).toMatchObject({ status: 409, code: 'mobile-number-taken' })
      expect(await logIn(service, ` ${mobileNumber}`)).toMatchObject({ userId: body.id })
    }
  })

  test('lets a number log in as it was stored before it had one form', async () => {
    const wanted = newcomer()
    const { body } = await service.client.signUp({ body: wanted })
    const stored = `+490151${randomInt(1e8, 9e8)}`
    await repeatably(service.deps.database, (connection) =>
      connection.update(users).set({ mobileNumber: stored }).where(eq(users.id, body.id)),
    )
    const { session, userId } = await logIn(service, stored)
    expect(userId).toBe(body.id)
    expect((await service.client.readProfile({ session })).body.mobileNumber).toBe(stored)
  })

  test('keeps an international domain in punycode, and lets it log in in either form', async () => {
    const name = `anna.${randomInt(1e11, 9e11)}`
    const { body } = await service.client.signUp({ body: { ...newcomer(), email: ` ${name}@Müller.de ` } })
    expect(body.email).toBe(`${name}@xn--mller-kva.de`)
    for (const login of [`${name}@müller.de `, `${name}@xn--mller-kva.de`])
      expect(await logIn(service, login)).toMatchObject({ userId: body.id })
    const again = service.client.signUp({ body: { ...newcomer(), email: `${name}@xn--mller-kva.de` } })
    expect(await refusal(again)).toMatchObject({ status: 409, code: 'email-taken' })
  })

  test.each([
    ['email', 'a..b@example.com'],
    ['email', '.a@example.com'],
    ['email', 'a.@example.com'],
    ['email', 'ada@example'],
    ['email', 'ada@xn--zzzzzz.de'],
    ['mobileNumber', '015112345678'],
    ['mobileNumber', '+49151'],
    ['mobileNumber', '+49 151 CALL ME'],
  ])('answers 422 to the %s %s', async (field, text) => {
    const problem = await refusal(service.client.signUp({ body: { ...newcomer(), [field]: text } }))
    expect(problem).toMatchObject({ status: 422, code: 'validation-failed' })
    expect(problem.errors.map(({ pointer }) => pointer)).toEqual([`/${field}`])
  })

  test('answers 409 for a mobile number in use', async () => {
    const first = newcomer()
    await service.client.signUp({ body: first })
    const body = { ...newcomer(), mobileNumber: first.mobileNumber }
    expect(await refusal(service.client.signUp({ body }))).toMatchObject({
      status: 409,
      code: 'mobile-number-taken',
      errors: [{ pointer: '/mobileNumber', code: 'taken' }],
    })
  })

  test('answers 422 for a common password, and lets the next attempt change everything', async () => {
    const wanted = newcomer()
    const body = { ...wanted, password: 'Password123' }
    expect(await refusal(service.client.signUp({ body }))).toMatchObject({
      status: 422,
      code: 'password-too-common',
      errors: [{ pointer: '/password', code: 'too-common' }],
    })
    expect(await rowsOf(service, wanted.email)).toHaveLength(0)
    const { status } = await service.client.signUp({ body: { ...wanted, email: newcomer().email } })
    expect(status).toBe(201)
  })

  test.each([
    ['an unknown type', { type: 'ADMIN' }, '/type'],
    ['no type', { type: undefined }, '/type'],
    ['an e-mail address without @', { email: 'ada.example.com' }, '/email'],
    ['an e-mail address of 255 characters', { email: `ada@${'a.'.repeat(124)}exam` }, '/email'],
    ['letters in the mobile number', { mobileNumber: '+49ABCDEFGH' }, '/mobileNumber'],
    ['a short password', { password: '7 chars' }, '/password'],
    ['a blank name', { name: ' ' }, '/name'],
    ['a property of the table', { status: 'ACTIVE' }, '/status'],
    ['a property that nobody knows', { isVerified: true }, '/isVerified'],
  ])('answers 422 for %s and keeps nothing', async (_, change, pointer) => {
    const wanted = newcomer()
    const answer = await fetch(`${service.url}/users`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...wanted, ...change }),
    })
    expect(answer.status).toBe(422)
    const text = await answer.text()
    expect(JSON.parse(text)).toMatchObject({ code: 'validation-failed', errors: [{ pointer }] })
    expect(text).not.toContain(wanted.mobileNumber.slice(1))
    expect(await rowsOf(service, wanted.email)).toHaveLength(0)
  })
})

describe('POST /users, repeated', () => {
  test('after its answer got lost, answers with the same user', async () => {
    const wanted = newcomer()
    const first = await service.client.signUp({ body: wanted })
    const again = await service.client.signUp({ body: wanted })
    expect(again.body).toEqual(first.body)
  })

  test('with another password, is refused and leaves the first one valid', async () => {
    const wanted = newcomer()
    await service.client.signUp({ body: wanted })
    const body = { ...wanted, password: 'somebody else entirely' }
    expect(await refusal(service.client.signUp({ body }))).toMatchObject({ status: 409, code: 'email-taken' })
    expect(await logIn(service, wanted.email)).toMatchObject({ userType: 'BUYER' })
    expect(await refusal(logIn(service, wanted.email, body.password))).toMatchObject({ status: 401 })
  })

  test('is refused even with the right password once the account is older than a day', async () => {
    const wanted = newcomer()
    await service.client.signUp({ body: wanted })
    await makeOld(service, wanted.email)
    expect(await refusal(service.client.signUp({ body: wanted }))).toMatchObject({ code: 'email-taken' })
  })

  test('twenty times at once, makes one user', async () => {
    const wanted = newcomer()
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, () => service.client.signUp({ body: wanted })),
    )
    const ids = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value.body.id] : []))
    expect(ids.length).toBeGreaterThan(0)
    expect(new Set(ids).size).toBe(1)
    expect(await rowsOf(service, wanted.email)).toHaveLength(1)
    expect((await service.client.signUp({ body: wanted })).body.id).toBe(ids[0] ?? '')
  })

  test('at once by people with different passwords, lets exactly one of them in', async () => {
    const wanted = newcomer()
    const passwords = ['first secret word', 'second secret word', 'third secret word', 'fourth secret word']
    const answers = await Promise.allSettled(
      passwords.map((password) => service.client.signUp({ body: { ...wanted, password } })),
    )
    const accepted = passwords.filter((_, index) => answers[index]?.status === 'fulfilled')
    expect(accepted).toHaveLength(1)
    for (const password of passwords) {
      const attempt = logIn(service, wanted.email, password)
      if (password === accepted[0]) expect(await attempt).toMatchObject({ userType: 'BUYER' })
      else expect(await refusal(attempt)).toMatchObject({ status: 401 })
    }
  })
})
