import { describe, expect, test } from 'bun:test'
import { parseSession, sessionRecordKey } from '@bazaar/shared/auth/sessions'
import { newId } from '@bazaar/shared/database/columns'
import { until } from '@bazaar/shared/testing/until'
import { openService } from './open-service.ts'
import { isValid, logIn, member, newcomer, PASSWORD, startUserService } from './user-service.ts'

const { iam, service } = await openService()

/** Sends a log-in as it is and answers all that can be seen of the answer but what names the request. */
async function attempt(login: string, password: string) {
  const answer = await fetch(`${service.url}/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login, password }),
  })
  const headers = Object.fromEntries(answer.headers)
  const body: Record<string, unknown> = await answer.json()
  return {
    status: answer.status,
    headers: { ...headers, 'x-request-id': '', date: '' },
    body: { ...body, instance: '' },
  }
}

describe('POST /sessions', () => {
  test('logs in by e-mail address in any letters, and by mobile number', async () => {
    const { email, mobileNumber, id } = await member(service)
    for (const login of [email, email.toUpperCase(), mobileNumber]) {
      const { session, sessionId, userId, userType, expiresAt } = await logIn(service, login)
      expect({ userId, userType }).toEqual({ userId: id, userType: 'BUYER' })
      expect(session).toMatch(/^[A-Za-z0-9_-]{43}$/)
      expect(sessionId).not.toBe(session)
      expect(Date.parse(expiresAt) - Date.now()).toBeWithin(43_190_000, 43_200_001)
      expect(await isValid(service, session)).toBe(true)
    }
  })

  test('answers unknown, wrong, closed and unreadable logins alike', async () => {
    const known = await member(service)
    const closed = await member(service)
    await service.client.closeAccount({ session: closed.session, body: { currentPassword: PASSWORD } })
    const wrong = await attempt(known.email, 'not the password')
    expect(wrong).toMatchObject({ status: 401, body: { code: 'wrong-credentials' } })
    for (const login of [newcomer().email, newcomer().mobileNumber, closed.email, 'nobody', "' or 1=1 --"])
      expect(await attempt(login, 'not the password')).toEqual(wrong)
    expect(await attempt(newcomer().email, PASSWORD)).toEqual(wrong)
  })

  test('passes on that too many are logging in, with the time to wait', async () => {
    let isOver = false
    const askIam = async () => {
      const answer = await fetch(`${iam.url}/authentications`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': iam.apiKey },
        body: JSON.stringify({ userId: newId(), password: 'not the password' }),
      })
      await answer.arrayBuffer()
    }
    // More than the identity service lets wait, all the time.
    const crowd = Array.from({ length: 30 }, async () => {
      while (!isOver) await askIam()
    })
    const refused = await until('a log-in is refused', async () => {
      const answer = await attempt(newcomer().email, 'not the password')
      expect([401, 429]).toContain(answer.status)
      return answer.status === 429 && answer
    })
    isOver = true
    await Promise.all(crowd)
    expect(refused).toMatchObject({ body: { code: 'too-many-requests' }, headers: { 'retry-after': '2' } })
  })

  test('never adopts a key that the client brings along', async () => {
    const { email, session } = await member(service)
    const answer = await fetch(`${service.url}/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', session },
      body: JSON.stringify({ login: email, password: PASSWORD }),
    })
    const body: { session?: string } = await answer.json()
    expect(body.session).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(body.session).not.toBe(session)
  })

  test('keeps of the key only its SHA-256', async () => {
    const { id, session, sessionId } = await member(service)
    const record = sessionRecordKey(session)
    const text = await service.deps.redis.get(record)
    const index = await service.deps.redis.zrange(`sessions:${id}`, 0, '-1')
    expect(parseSession(text ?? '')).toMatchObject({ userId: id, sessionId, idleSeconds: 1_800 })
    expect(index).toEqual([`${sessionId}:${record.slice('session:'.length)}`])
    expect(`${record}${text}${index}`).not.toContain(session)
  })

  test('ends the oldest session at the twenty-first log-in', async () => {
    const { email, session } = await member(service)
    const second = await logIn(service, email)
    for (let count = 3; count <= 20; count++) await logIn(service, email)
    expect(await isValid(service, session)).toBe(true)
    await logIn(service, email)
    expect(await isValid(service, session)).toBe(false)
    expect(await isValid(service, second.session)).toBe(true)
    expect((await service.client.listSessions({ session: second.session })).body.items).toHaveLength(20)
  })
})

describe('a session', () => {
  test('is taken from the header SESSION only', async () => {
    const { session } = await member(service)
    const elsewhere: [string, RequestInit][] = [
      [`/users/me?session=${session}&SESSION=${session}`, {}],
      ['/users/me', { headers: { cookie: `session=${session}; SESSION=${session}` } }],
      ['/users/me', { headers: { authorization: `Bearer ${session}` } }],
      ['/users/me', { headers: { 'x-api-key': session } }],
      ['/users/me', { headers: { session: `${session}, ${session}` } }],
      ['/users/me', { headers: { session: session.slice(0, -1) } }],
      ['/users/me', { headers: { session: sessionRecordKey(session).slice('session:'.length) } }],
    ]
    for (const [path, init] of elsewhere) {
      const { status } = await fetch(`${service.url}${path}`, init)
      expect([400, 401]).toContain(status)
    }
    expect(await isValid(service, session)).toBe(true)
  })

  test('S23 lives on by being used, but never beyond its absolute end', async () => {
    const { session } = await member(service)
    const { redis } = service.deps
    const record = sessionRecordKey(session)
    await redis.pexpire(record, 60_000)
    expect(await isValid(service, session)).toBe(true)
    expect(await redis.pttl(record)).toBeWithin(1_790_000, 1_800_001)

    const stored = parseSession((await redis.get(record)) ?? '')
    await redis.set(record, JSON.stringify({ ...stored, expiresAt: Date.now() + 60_000 }), 'KEEPTTL')
    expect(await isValid(service, session)).toBe(true)
    expect(await redis.pttl(record)).toBeWithin(1, 60_001)

    await redis.set(record, JSON.stringify({ ...stored, expiresAt: Date.now() }), 'KEEPTTL')
    expect(await isValid(service, session)).toBe(false)
  })

  test('that is not used ends by itself, and leaves the list', async () => {
    const brief = await startUserService(iam, {
      databaseUrl: service.databaseUrl,
      sessions: { idleSeconds: 60, absoluteSeconds: 3_600 },
    })
    try {
      const { email, session } = await member(service)
      const { session: short } = await logIn(brief, email)
      expect(await isValid(service, short)).toBe(true)
      const { redis } = service.deps
      const record = sessionRecordKey(short)
      expect(await redis.pttl(record)).toBeWithin(1, 60_001)
      // The minute passes.
      await redis.pexpire(record, 1)
      await until('it has ended', async () => (await redis.exists(record)) === 0)
      expect(await isValid(service, short)).toBe(false)
      expect((await service.client.listSessions({ session })).body.items).toHaveLength(1)
    } finally {
      await brief.close()
    }
  })
})

describe('GET /sessions', () => {
  test('lists the sessions of the user, the newest first, and marks the one that asks', async () => {
    const { email, session, sessionId } = await member(service)
    const second = await logIn(service, email)
    await member(service)
    const { items } = (await service.client.listSessions({ session })).body
    expect(items.map((item) => [item.sessionId, item.current])).toEqual([
      [second.sessionId, false],
      [sessionId, true],
    ])
    expect(items[0]?.expiresAt).toBe(second.expiresAt)
  })
})
