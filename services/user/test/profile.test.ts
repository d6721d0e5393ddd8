import { describe, expect, test } from 'bun:test'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { refusal } from '@bazaar/shared/testing/refusal'
import { openService } from './open-service.ts'
import { logIn, member, newcomer, PASSWORD } from './user-service.ts'

const { service } = await openService()

describe('GET /users/me', () => {
  test('answers with the profile and its ETag, and 304 to a client that has it', async () => {
    const { session, id, password: _, sessionId: __, ...profile } = await member(service)
    const { body, headers } = await service.client.readProfile({ session })
    expect(body).toEqual({ id, ...profile, emailVerifiedAt: null, createdAt: body.createdAt, version: 1 })
    expect(headers.get('etag')).toBe('"1"')
    expect(headers.get('cache-control')).toBe('no-store')
    const again = await fetch(`${service.url}/users/me`, { headers: { session, 'if-none-match': '"1"' } })
    expect(again.status).toBe(304)
  })

  test('reads the user once, with the check of the session', async () => {
    const { session } = await member(service)
    const statements: string[] = []
    const record = (started: unknown) => statements.push(String(Reflect.get(Object(started), 'query')))
    subscribe('tracing:mysql2:query:start', record)
    await service.client.readProfile({ session })
    unsubscribe('tracing:mysql2:query:start', record)
    expect(statements.filter((statement) => statement.includes('from `users`'))).toHaveLength(1)
  })

  test('answers 401 without a session, and to one that never was', async () => {
    for (const headers of [{}, { session: 'A'.repeat(43) }]) {
      const answer = await fetch(`${service.url}/users/me`, { headers: new Headers(headers) })
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toContain('Session')
      expect(await answer.json()).toMatchObject({ code: 'unauthenticated' })
    }
  })
})

describe('PATCH /users/me', () => {
  test('changes the name without a password', async () => {
    const { session } = await member(service)
    const { body, headers } = await service.client.changeProfile({ session, body: { name: 'Ada King' } })
    expect(body).toMatchObject({ name: 'Ada King', version: 2 })
    expect(headers.get('etag')).toBe('"2"')
    expect((await service.client.readProfile({ session })).body).toEqual(body)
  })

  test.each([
    ['nothing', {}],
    ['the present name', { name: true }],
    ['the present e-mail address in other letters', { email: true }],
  ])('with %s changes nothing', async (_, { name, email }: { name?: boolean; email?: boolean }) => {
    const { session, ...present } = await member(service)
    const body = {
      ...(name ? { name: present.name } : {}),
      ...(email ? { email: present.email.toUpperCase() } : {}),
    }
    const changed = await service.client.changeProfile({ session, body })
    expect(changed.body).toMatchObject({ version: 1, name: present.name, email: present.email })
  })

  test('changes only the version that was seen, in each legal form of its ETag', async () => {
    const { session } = await member(service)
    const change = (ifMatch: string, name: string) =>
      service.client.changeProfile({ session, ifMatch, body: { name } })
    for (const stale of ['"2"', 'W/"1"', '"one"', '"2", W/"1"'])
      expect(await refusal(change(stale, 'Eve'))).toMatchObject({ status: 412, code: 'precondition-failed' })
    expect(await refusal(change('1', 'Eve'))).toMatchObject({ status: 400, code: 'if-match-malformed' })
    expect((await change('"9",, "1"', 'Ada King')).body).toMatchObject({ name: 'Ada King', version: 2 })
    expect((await change('*', 'Ada Lovelace')).body).toMatchObject({ version: 3 })
  })

  test('lets one of several change what all of them saw', async () => {
    const { session } = await member(service)
    const answers = await Promise.allSettled(
      ['Ada', 'Bea', 'Cleo'].map((name) =>
        service.client.changeProfile({ session, ifMatch: '"1"', body: { name } }),
      ),
    )
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect((await service.client.readProfile({ session })).body.version).toBe(2)
  })

  test('wants the password for another e-mail address or mobile number', async () => {
    const { session, email, mobileNumber } = await member(service)
    for (const body of [{ email: newcomer().email }, { mobileNumber: newcomer().mobileNumber }]) {
      expect(await refusal(service.client.changeProfile({ session, body }))).toMatchObject({
        status: 403,
        code: 'reauthentication-required',
      })
      const currentPassword = 'not the password'
      const wrong = service.client.changeProfile({ session, body: { ...body, currentPassword } })
      expect(await refusal(wrong)).toMatchObject({ status: 401, code: 'wrong-credentials' })
    }
    const { body } = await service.client.readProfile({ session })
    expect(body).toMatchObject({ email, mobileNumber, version: 1 })
  })

  test('moves the login with the e-mail address and the mobile number', async () => {
    const { session, id, email, mobileNumber } = await member(service)
    const other = newcomer()
    const changes = { email: other.email.toUpperCase(), mobileNumber: other.mobileNumber }
    const body = { ...changes, currentPassword: PASSWORD }
    const changed = await service.client.changeProfile({ session, body })
    expect(changed.body).toMatchObject({ email: other.email, mobileNumber: other.mobileNumber, version: 2 })
    for (const login of [email, mobileNumber])
      expect(await refusal(logIn(service, login))).toMatchObject({ status: 401 })
    for (const login of [other.email, other.mobileNumber])
      expect(await logIn(service, login)).toMatchObject({ userId: id })
    expect((await service.client.signUp({ body: { ...newcomer(), email, mobileNumber } })).status).toBe(201)
  })

  test('answers 409 for what another user has', async () => {
    const { session } = await member(service)
    const other = await member(service)
    const currentPassword = PASSWORD
    const taken = (body: object) =>
      refusal(service.client.changeProfile({ session, body: { ...body, currentPassword } }))
    expect(await taken({ email: other.email.toUpperCase() })).toMatchObject({
      status: 409,
      code: 'email-taken',
    })
    expect(await taken({ mobileNumber: other.mobileNumber })).toMatchObject({
      status: 409,
      code: 'mobile-number-taken',
    })
  })

  test('gives an e-mail address to one of several users who want it at once', async () => {
    const members = await Promise.all([member(service), member(service), member(service)])
    const { email } = newcomer()
    const body = { email, currentPassword: PASSWORD }
    const answers = await Promise.allSettled(
      members.map(({ session }) => service.client.changeProfile({ session, body })),
    )
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const answer of answers)
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'email-taken' })
  })

  test.each(['id', 'type', 'version', 'createdAt', 'status', 'sessionsEpoch', 'activatedAt'])(
    'answers 422 to a change of %s',
    async (property) => {
      const { session } = await member(service)
      const answer = await fetch(`${service.url}/users/me`, {
        method: 'PATCH',
        headers: { session, 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'Eve', [property]: 1 }),
      })
      expect(answer.status).toBe(422)
      expect(await answer.json()).toMatchObject({ errors: [{ pointer: `/${property}` }] })
      expect((await service.client.readProfile({ session })).body.version).toBe(1)
    },
  )
})

describe('GET /sellers/:sellerId', () => {
  test('answers anyone with what is public of a seller', async () => {
    const { id, name } = await member(service, 'SELLER')
    const { body } = await service.client.readSeller({ params: { sellerId: id } })
    expect(body).toEqual({ id, name, handle: body.handle, sellerSince: body.sellerSince })
  })

  test('tells shops apart whose names are or look alike', async () => {
    const shops = await Promise.all([member(service, 'SELLER'), member(service, 'SELLER')])
    for (const { session } of shops)
      await service.client.changeProfile({ session, body: { name: 'The Kettle Shop' } })
    const shown = await Promise.all(
      shops.map(async ({ id }) => (await service.client.readSeller({ params: { sellerId: id } })).body),
    )
    expect(new Set(shown.map(({ name }) => name)).size).toBe(1)
    expect(new Set(shown.map(({ handle }) => handle)).size).toBe(2)
  })

  test('may be kept for a minute, and is not sent again as long as it is the same', async () => {
    const { id, session } = await member(service, 'SELLER')
    const url = `${service.url}/sellers/${id}`
    const first = await fetch(url)
    expect(first.headers.get('cache-control')).toBe('public, max-age=60')
    const etag = first.headers.get('etag') ?? ''
    expect((await fetch(url, { headers: { 'if-none-match': etag } })).status).toBe(304)
    await service.client.changeProfile({ session, body: { name: 'Another name' } })
    expect((await fetch(url, { headers: { 'if-none-match': etag } })).status).toBe(200)
  })

  test('answers 404 for a buyer, a closed account and nobody, alike', async () => {
    const buyer = await member(service)
    const seller = await member(service, 'SELLER')
    await service.client.closeAccount({ session: seller.session, body: { currentPassword: PASSWORD } })
    for (const sellerId of [buyer.id, seller.id, '01890a5d-ac96-774b-bcce-b302099a8057']) {
      expect(await refusal(service.client.readSeller({ params: { sellerId } }))).toMatchObject({
        status: 404,
        code: 'not-found',
        detail: 'There is no such seller',
      })
    }
  })
})
