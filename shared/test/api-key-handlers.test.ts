import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test'
import { eq, sql } from 'drizzle-orm'
import { apiKeyHandlers } from '../auth/api-key-handlers.ts'
import { apiKeys, findKeyHolder, mintApiKey } from '../auth/api-keys.ts'
import { closeDatabase, connectDatabase, type Database, inTransaction, read } from '../database/database.ts'
import { createTestDatabase, type TestDatabase } from '../testing/stores.ts'
import { testLog } from '../testing/test-log.ts'

const DAY_MS = 86_400_000
const VALID_KEYS_MAX = 100

let created: TestDatabase
let database: Database
let handlers: ReturnType<typeof apiKeyHandlers>

beforeAll(async () => {
  created = await createTestDatabase('iam')
  const connected = connectDatabase({ url: created.url, poolMax: 10, log: testLog })
  // What is tested is what happens, not how fast.
  database = { ...connected, acquireTimeoutMs: 20_000, statementTimeoutMs: 20_000, deadlineMs: 20_000 }
  handlers = apiKeyHandlers({ database, environment: 'test', scopes: ['credentials:verify', 'keys:manage'] })
})
afterEach(() => inTransaction(database, (tx) => tx.delete(apiKeys)))
afterAll(async () => {
  await closeDatabase(database)
  await created.drop()
})

const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString()

function issue(other: { scopes?: string[]; expiresAt?: string } = {}) {
  const body = { caller: 'user', scopes: ['credentials:verify'], expiresAt: inDays(30), ...other }
  return handlers.issueApiKey({ body })
}

function rotate(publicId: string, expiresAt = inDays(60)) {
  return handlers.rotateApiKey({ params: { publicId }, body: { expiresAt } })
}

/** Stores so many keys, as if they had been issued. */
async function putKeys(count: number): Promise<void> {
  const now = new Date()
  const rows = Array.from({ length: count }, () => {
    const { publicId, secretHash } = mintApiKey('test')
    const expiresAt = new Date(now.getTime() + DAY_MS)
    return { publicId, secretHash, caller: 'user', scopes: ['keys:manage'], createdAt: now, expiresAt }
  })
  await inTransaction(database, (tx) => tx.insert(apiKeys).values(rows))
}

async function expire(publicId: string): Promise<void> {
  const expiresAt = sql`now(3) - interval 1 second`
  await inTransaction(database, (tx) =>
    tx.update(apiKeys).set({ expiresAt }).where(eq(apiKeys.publicId, publicId)),
  )
}

async function storedKeys() {
  return read(database, (connection) => connection.select().from(apiKeys))
}

describe('issueApiKey()', () => {
  test('issues a key that is accepted, of which only a hash is kept', async () => {
    const { key, publicId } = await issue()
    expect(await findKeyHolder(database, key)).toEqual({
      caller: 'user',
      publicId,
      scopes: ['credentials:verify'],
    })
    const [row] = await storedKeys()
    expect(JSON.stringify(row)).not.toContain(key.slice(-43))
  })

  test('refuses a scope that the service does not know', async () => {
    await expect(issue({ scopes: ['credentials:verify', 'orders:read'] })).rejects.toMatchObject({
      code: 'unknown-scope',
      errors: [{ pointer: '/scopes', code: 'not-allowed' }],
    })
    expect(await storedKeys()).toEqual([])
  })

  test.each([
    ['is past', -1],
    ['is three years ahead', 1_096],
  ])('refuses an expiry that %s', async (_, days) => {
    await expect(issue({ expiresAt: inDays(days) })).rejects.toMatchObject({ code: 'expiry-out-of-range' })
  })

  test('refuses an expiry that is no day', async () => {
    await expect(issue({ expiresAt: '2026-02-31T25:00:00Z' })).rejects.toMatchObject({
      code: 'expiry-out-of-range',
    })
  })

  test.each([
    ['issued', () => issue()],
    ['rotated', async () => rotate((await storedKeys())[0]?.publicId ?? '')],
  ])('makes the hundredth valid key once, however many are %s at once', async (_, make) => {
    await putKeys(VALID_KEYS_MAX - 1)
    // Opening a connection takes longer than counting: with open ones they really count at the same time.
    await Promise.all(Array.from({ length: 8 }, storedKeys))
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, make))
    const refusals = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []))
    expect(refusals).toEqual(Array(7).fill('too-many-keys'))
    expect(await storedKeys()).toHaveLength(VALID_KEYS_MAX)
  })

  test('counts neither keys that have expired nor those that were revoked', async () => {
    await putKeys(VALID_KEYS_MAX)
    await expect(issue()).rejects.toMatchObject({ code: 'too-many-keys' })
    const [first, second] = await storedKeys()
    await expire(first?.publicId ?? '')
    await issue()
    await expect(issue()).rejects.toMatchObject({ code: 'too-many-keys' })
    await handlers.revokeApiKey({ params: { publicId: second?.publicId ?? '' } })
    await issue()
  })
})

describe('rotateApiKey()', () => {
  test('issues a successor for the same caller and scopes, and leaves the old key valid', async () => {
    const first = await issue()
    const second = await rotate(first.publicId)
    expect(second).toMatchObject({ caller: first.caller, scopes: first.scopes })
    expect(second.publicId).not.toBe(first.publicId)
    for (const { key, publicId } of [first, second])
      expect(await findKeyHolder(database, key)).toMatchObject({ publicId })
  })

  test.each([
    ['has expired', expire],
    ['was revoked', (publicId: string) => handlers.revokeApiKey({ params: { publicId } })],
    ['nobody has', () => inTransaction(database, (tx) => tx.delete(apiKeys))],
  ])('makes no valid key of one that %s', async (_, end) => {
    const { publicId } = await issue()
    await end(publicId)
    const before = await storedKeys()
    await expect(rotate(publicId)).rejects.toMatchObject({ code: 'not-found' })
    expect(await storedKeys()).toEqual(before)
  })
})

describe('revokeApiKey()', () => {
  test('has a key refused at once, and changes nothing when it is repeated', async () => {
    const { key, publicId } = await issue()
    await handlers.revokeApiKey({ params: { publicId } })
    expect(await findKeyHolder(database, key)).toBeUndefined()
    const before = await storedKeys()
    await handlers.revokeApiKey({ params: { publicId } })
    expect(await storedKeys()).toEqual(before)
  })

  test('refuses a key that nobody has', async () => {
    const revoked = handlers.revokeApiKey({ params: { publicId: '0123456789abcdef' } })
    await expect(revoked).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('listApiKeys()', () => {
  test('lists the valid keys first, and no secret', async () => {
    const [ended, valid] = [await issue(), await issue()]
    await handlers.revokeApiKey({ params: { publicId: ended.publicId } })
    const { items } = await handlers.listApiKeys()
    expect(items.map(({ publicId }) => publicId)).toEqual([valid.publicId, ended.publicId])
    expect(items.map(({ revokedAt }) => revokedAt)).toEqual([null, expect.any(String)])
    for (const { key } of [ended, valid]) expect(JSON.stringify(items)).not.toContain(key.slice(-43))
  })
})

describe('findKeyHolder()', () => {
  test('tells of keys that are presented together each whose it is, or that it is nobody’s', async () => {
    const [first, second, revoked, expired] = [await issue(), await issue(), await issue(), await issue()]
    await handlers.revokeApiKey({ params: { publicId: revoked.publicId } })
    await expire(expired.publicId)
    const wrong = `${first.key.slice(0, -4)}AAAA`
    const keys = [first.key, wrong, second.key, revoked.key, expired.key, mintApiKey('test').key, first.key]
    const holders = await Promise.all(keys.map((key) => findKeyHolder(database, key)))
    const none = undefined
    expect(holders.map((one) => one?.publicId)).toEqual([
      first.publicId,
      none,
      second.publicId,
      none,
      none,
      none,
      first.publicId,
    ])
  })

  test('refuses a key that was revoked while others were being looked up', async () => {
    const { key, publicId } = await issue()
    const earlier = Array.from({ length: 50 }, () => findKeyHolder(database, key))
    await handlers.revokeApiKey({ params: { publicId } })
    expect(await findKeyHolder(database, key)).toBeUndefined()
    await Promise.all(earlier)
  })
})
