import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { apiKeys, ensureBootstrapKey, mintApiKey, parseApiKey } from '@bazaar/shared/auth/api-keys'
import { newId } from '@bazaar/shared/database/columns'
import { read, repeatably } from '@bazaar/shared/database/database'
import { issueKey } from '@bazaar/shared/testing/callers'
import { refusal } from '@bazaar/shared/testing/refusal'
import { eq, sql } from 'drizzle-orm'
import { startIam, type TestIam, TIMEOUT_MS } from './iam-service.ts'

setDefaultTimeout(TIMEOUT_MS)

const DAY_MS = 86_400_000

let iam: TestIam

beforeAll(async () => {
  iam = await startIam()
})

afterAll(() => iam.close())

const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString()

/** Issues a key by the bootstrap key. */
async function issue(scopes: string[] = ['credentials:verify'], expiresAt = inDays(30)) {
  const manager = iam.client(iam.bootstrapKey)
  return (await manager.issueApiKey({ body: { caller: 'user', scopes, expiresAt } })).body
}

async function revoke(publicId: string) {
  return iam.client(iam.bootstrapKey).revokeApiKey({ params: { publicId } })
}

/** The status of asking for a password check with a key: 401 of the key, 403 of its scope, or past both. */
async function statusWith(headers: Record<string, string>, url = iam.url): Promise<number> {
  const answer = await fetch(`${url}/authentications`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: '{}',
  })
  await answer.body?.cancel()
  return answer.status
}

const PAST_THE_KEY = 422

/** The last part of a key, which may hold the very underscores that stand between the parts. */
const secretOf = (key: string) => key.slice(-43)

/** Has a key expire as if its time had come. */
async function expire(publicId: string): Promise<void> {
  await repeatably(iam.database, (connection) =>
    connection
      .update(apiKeys)
      .set({ expiresAt: sql`now(3) - interval 1 second` })
      .where(eq(apiKeys.publicId, publicId)),
  )
}

async function stored(publicId: string) {
  const [row] = await read(iam.database, (connection) =>
    connection.select().from(apiKeys).where(eq(apiKeys.publicId, publicId)),
  )
  return row
}

describe('every operation', () => {
  const operations: [method: string, path: string][] = [
    ['PUT', `/credentials/${newId()}`],
    ['POST', '/authentications'],
    ['POST', `/credentials/${newId()}/password`],
    ['DELETE', `/credentials/${newId()}`],
    ['POST', '/api-keys'],
    ['GET', '/api-keys'],
    ['POST', '/api-keys/0123456789abcdef/rotation'],
    ['DELETE', '/api-keys/0123456789abcdef'],
  ]

  test.each(operations)('%s %s answers 401 alike without a valid key', async (method, path) => {
    const bodies = new Set<string>()
    const callers: Record<string, string>[] = [
      {},
      { 'x-api-key': mintApiKey('test').key },
      { 'x-api-key': `${iam.key.slice(0, -4)}AAAA` },
      { 'x-api-key': 'not a key at all' },
      { session: 'A'.repeat(43) },
      { authorization: `Bearer ${iam.key}` },
    ]
    for (const headers of callers) {
      const query = `?x-api-key=${iam.key}`
      const answer = await fetch(`${iam.url}${path}${query}`, { method, headers })
      expect(answer.status).toBe(401)
      const problem: Record<string, unknown> = await answer.json()
      bodies.add(JSON.stringify({ ...problem, instance: '' }))
    }
    expect(bodies.size).toBe(1)
  })

  test.each(operations)('%s %s answers 403 to a key without its scope', async (method, path) => {
    const key = path.startsWith('/api-keys') ? iam.key : iam.bootstrapKey
    const answer = await fetch(`${iam.url}${path}`, { method, headers: { 'x-api-key': key } })
    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({ code: 'forbidden' })
  })
})

describe('POST /api-keys', () => {
  test('issues a key that opens its scopes and no others', async () => {
    const { key, ...shown } = await issue(['credentials:verify'])
    expect(key).toMatch(new RegExp(`^bzk_test_${shown.publicId}_[A-Za-z0-9_-]{43}$`))
    expect(shown).toMatchObject({ caller: 'user', scopes: ['credentials:verify'], revokedAt: null })
    expect(await statusWith({ 'x-api-key': key })).toBe(PAST_THE_KEY)
    const deletion = iam.client(key).deleteCredential({ params: { userId: newId() } })
    expect(await refusal(deletion)).toMatchObject({ status: 403, code: 'forbidden' })
  })

  test('stores of the key only its public id and the hash of its secret', async () => {
    const { key, publicId } = await issue()
    const secret = secretOf(key)
    const row = await stored(publicId)
    expect(row?.secretHash.equals(parseApiKey(key)?.secretHash ?? Buffer.alloc(0))).toBe(true)
    expect(JSON.stringify(row)).not.toContain(secret)
  })

  test('notes when a key was last used', async () => {
    const { key, publicId } = await issue()
    expect((await stored(publicId))?.lastUsedAt).toBeNull()
    await statusWith({ 'x-api-key': key })
    expect((await stored(publicId))?.lastUsedAt).toBeInstanceOf(Date)
  })

  test.each([
    ['an unknown scope', ['credentials:read'], 30, 'unknown-scope', '/scopes'],
    ['an expiry in the past', ['credentials:verify'], -1, 'expiry-out-of-range', '/expiresAt'],
    ['an expiry in three years', ['credentials:verify'], 1_100, 'expiry-out-of-range', '/expiresAt'],
    ['no scope', [], 30, 'validation-failed', '/scopes'],
  ])('refuses %s', async (_, scopes, days, code, pointer) => {
    const problem = await refusal(issue(scopes, inDays(days)))
    expect(problem).toMatchObject({ status: 422, code })
    expect(problem.errors[0]?.pointer).toBe(pointer)
  })

  test.each([
    ['the 30th of February', '02-30T00:00:00Z'],
    ['the 24th hour', '06-29T24:00:00Z'],
  ])('refuses an expiry on %s', async (_, rest) => {
    const text = `${new Date().getUTCFullYear() + 1}-${rest}`
    const problem = await refusal(issue(['credentials:verify'], text))
    expect(problem).toMatchObject({ status: 422, code: 'validation-failed' })
    expect(problem.errors[0]?.pointer).toBe('/expiresAt')
  })

  test('refuses the hundred and first valid key, also of several that are asked for at once', async () => {
    const full = await startIam()
    try {
      const options = { bootstrapKey: full.bootstrapKey, caller: 'user', scopes: ['credentials:verify'] }
      for (let keys = 2; keys < 100; keys++) await issueKey(full, options)
      const body = { caller: 'user', scopes: ['credentials:verify'], expiresAt: inDays(1) }
      const manager = full.client(full.bootstrapKey)
      expect(await refusal(manager.issueApiKey({ body }))).toMatchObject({
        status: 409,
        code: 'too-many-keys',
      })
      const { items } = (await manager.listApiKeys({})).body
      for (const { publicId } of items.slice(0, 3)) await manager.revokeApiKey({ params: { publicId } })
      const attempts = Array.from({ length: 10 }, () =>
        full
          .client(full.bootstrapKey)
          .issueApiKey({ body })
          .then(
            () => 'issued',
            () => 'refused',
          ),
      )
      expect((await Promise.all(attempts)).filter((outcome) => outcome === 'issued')).toHaveLength(3)
    } finally {
      await full.close()
    }
  })
})

describe('GET /api-keys', () => {
  test('lists the keys without their secrets', async () => {
    const { key, ...shown } = await issue()
    const { body } = await iam.client(iam.bootstrapKey).listApiKeys({})
    expect(body.items).toContainEqual(shown)
    expect(JSON.stringify(body)).not.toContain(secretOf(key))
  })

  test('lists what is valid before a thousand later ones that are not', async () => {
    const { key: _, ...valid } = await issue()
    const gone = Array.from({ length: 1_001 }, () => {
      const { publicId, secretHash } = mintApiKey('test')
      const at = new Date(Date.now() + DAY_MS)
      const keys = { publicId, secretHash, caller: 'user', scopes: [], createdAt: at, expiresAt: at }
      return { ...keys, revokedAt: at }
    })
    await repeatably(iam.database, (connection) => connection.insert(apiKeys).values(gone))
    const { items } = (await iam.client(iam.bootstrapKey).listApiKeys({})).body
    expect(items).toHaveLength(1_000)
    expect(items).toContainEqual(valid)
  })
})

describe('POST /api-keys/:publicId/rotation', () => {
  test('issues a successor, and both work until the old one is revoked', async () => {
    const old = await issue()
    const params = { publicId: old.publicId }
    const body = { expiresAt: inDays(60) }
    const successor = (await iam.client(iam.bootstrapKey).rotateApiKey({ params, body })).body
    expect(successor).toMatchObject({ caller: old.caller, scopes: old.scopes, expiresAt: body.expiresAt })
    for (const { key } of [old, successor]) expect(await statusWith({ 'x-api-key': key })).toBe(PAST_THE_KEY)
    await revoke(old.publicId)
    expect(await statusWith({ 'x-api-key': old.key })).toBe(401)
    expect(await statusWith({ 'x-api-key': successor.key })).toBe(PAST_THE_KEY)
  })

  test('answers 404 for a key that is unknown, revoked or expired', async () => {
    const { publicId } = await issue()
    await revoke(publicId)
    const expired = await issue()
    await expire(expired.publicId)
    for (const params of [{ publicId }, { publicId: expired.publicId }, { publicId: '0123456789abcdef' }]) {
      const rotation = iam.client(iam.bootstrapKey).rotateApiKey({ params, body: { expiresAt: inDays(1) } })
      expect(await refusal(rotation)).toMatchObject({ status: 404, code: 'not-found' })
    }
  })
})

describe('DELETE /api-keys/:publicId', () => {
  test('is felt at once by every instance, and can be repeated', async () => {
    const { key, publicId } = await issue()
    const other = await startIam({ databaseUrl: iam.databaseUrl })
    try {
      expect(await statusWith({ 'x-api-key': key }, other.url)).toBe(PAST_THE_KEY)
      for (let time = 0; time < 2; time++) expect((await revoke(publicId)).status).toBe(204)
      for (const url of [iam.url, other.url]) expect(await statusWith({ 'x-api-key': key }, url)).toBe(401)
    } finally {
      await other.close()
    }
  })

  test('answers 404 for an unknown key', async () => {
    expect(await refusal(revoke('0123456789abcdef'))).toMatchObject({ status: 404, code: 'not-found' })
  })
})

test('a key is refused once it has expired, by the clock of the database', async () => {
  const { key, publicId } = await issue()
  await expire(publicId)
  expect(await statusWith({ 'x-api-key': key })).toBe(401)
})

test('the bootstrap key is made once, and stays revoked when it was', async () => {
  const { key } = mintApiKey('test')
  const publicId = parseApiKey(key)?.publicId ?? ''
  await ensureBootstrapKey(iam.database, key)
  await ensureBootstrapKey(iam.database, key)
  expect((await iam.client(key).listApiKeys({})).status).toBe(200)
  await revoke(publicId)
  await ensureBootstrapKey(iam.database, key)
  expect(await refusal(iam.client(key).listApiKeys({}))).toMatchObject({ status: 401 })
})
