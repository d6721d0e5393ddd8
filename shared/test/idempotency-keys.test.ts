import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { eq, sql } from 'drizzle-orm'
import { int, mysqlTable } from 'drizzle-orm/mysql-core'
import { newId, uuid } from '../database/columns.ts'
import {
  closeDatabase,
  connectDatabase,
  type Database,
  inTransaction,
  read,
  repeatably,
  type Transaction,
} from '../database/database.ts'
import {
  claimKey,
  findClaim,
  forgetAnswers,
  hashOfKey,
  idempotencyKeys,
  type KeyedRequest,
  keepAnswer,
  once,
  replay,
} from '../database/idempotency-keys.ts'
import { DomainError } from '../problem.ts'
import { createTestDatabase, type TestDatabase } from '../testing/stores.ts'
import { testLog } from '../testing/test-log.ts'
import { until } from '../testing/until.ts'

/** What the work under a key does: one line each time. */
const effects = mysqlTable('effects', {
  ownerId: uuid('owner_id').notNull(),
  number: int('number').notNull(),
})

const KINDS = {
  'out-of-stock': { status: 409, title: 'Out of stock' },
  unknown: { status: 404, title: 'Not found' },
} as const

let created: TestDatabase
let database: Database

beforeAll(async () => {
  created = await createTestDatabase('order')
  const connected = connectDatabase({ url: created.url, poolMax: 10, log: testLog })
  // What is tested is what happens, not how fast.
  database = { ...connected, acquireTimeoutMs: 20_000, statementTimeoutMs: 20_000, deadlineMs: 20_000 }
  await inTransaction(database, (tx) =>
    tx.execute(sql`create table effects (owner_id binary(16) not null, number int not null)`),
  )
})
afterAll(async () => {
  await closeDatabase(database)
  await created.drop()
})

function newRequest(request: unknown = { quantity: 2 }): KeyedRequest {
  return { ownerId: newId(), operation: 'place', key: `key-${newId()}`, request }
}

function claim(keyed: KeyedRequest, resourceId?: string) {
  return inTransaction(database, (tx) => claimKey(tx, keyed, resourceId))
}

function found(keyed: KeyedRequest) {
  return read(database, (connection) => findClaim(connection, keyed))
}

/** Whether a claim is under way at this moment. */
async function isAnyoneClaiming(): Promise<boolean> {
  const [rows] = await repeatably(database, (connection) =>
    connection.execute(sql`select 1 from information_schema.processlist
      where db = database() and id <> connection_id() and info like 'insert into %idempotency_keys%'`),
  )
  return Array.isArray(rows) && rows.length > 0
}

async function effectsOf({ ownerId }: KeyedRequest): Promise<number> {
  const rows = await read(database, (connection) =>
    connection.select().from(effects).where(eq(effects.ownerId, ownerId)),
  )
  return rows.length
}

/** Work that leaves one line, and then ends as it is told to. */
function workOf(keyed: KeyedRequest, end?: () => never) {
  return async (tx: Transaction) => {
    await tx.insert(effects).values({ ownerId: keyed.ownerId, number: 1 })
    end?.()
    return { status: 201, body: { zebra: 1, ant: 2 }, headers: { location: '/things/1' } }
  }
}

function doOnce(keyed: KeyedRequest, end?: () => never) {
  return once(database, keyed, { kinds: KINDS, work: workOf(keyed, end) })
}

function failing(error: Error): () => never {
  return () => {
    throw error
  }
}

describe('claimKey()', () => {
  test('finds nothing at first, then what was begun, then its answer', async () => {
    const [keyed, resourceId] = [newRequest(), newId()]
    const answer = { kind: 'success', status: 201, body: { id: 1 }, headers: {} } as const
    expect(await claim(keyed, resourceId)).toEqual({ found: 'nothing' })
    expect(await claim(keyed, newId())).toMatchObject({ found: 'unfinished', resourceId })
    await inTransaction(database, (tx) => keepAnswer(tx, keyed, answer))
    expect(await claim(keyed)).toEqual({ found: 'answer', answer })
  })

  test('has the second of two transactions wait for the first', async () => {
    const keyed = newRequest()
    const claimed = Promise.withResolvers<void>()
    const held = Promise.withResolvers<void>()
    const first = inTransaction(database, async (tx) => {
      await claimKey(tx, keyed)
      claimed.resolve()
      await held.promise
      await keepAnswer(tx, keyed, { kind: 'success', status: 200, body: 'first', headers: {} })
    })
    await claimed.promise
    const second = claim(keyed)
    await until('the second waits', isAnyoneClaiming)
    held.resolve()
    await first
    expect(await second).toMatchObject({ found: 'answer', answer: { body: 'first' } })
  })

  test('leaves nothing when its transaction is rolled back', async () => {
    const keyed = newRequest()
    const undone = inTransaction(database, async (tx) => {
      await claimKey(tx, keyed)
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    expect(await found(keyed)).toEqual({ found: 'nothing' })
  })

  test.each([
    ['another owner', () => ({ ownerId: newId() })],
    ['another operation', () => ({ operation: 'cancel' })],
    ['another key', () => ({ key: `key-${newId()}` })],
  ])('knows nothing of the key of %s', async (_, other) => {
    const keyed = newRequest()
    await claim(keyed)
    expect(await claim({ ...keyed, ...other() })).toEqual({ found: 'nothing' })
  })

  test('keeps a hash of a key, and not the key', async () => {
    const keyed = newRequest()
    await claim(keyed)
    const [row] = await read(database, (connection) =>
      connection.select().from(idempotencyKeys).where(eq(idempotencyKeys.ownerId, keyed.ownerId)),
    )
    expect(row?.keyHash).toEqual(hashOfKey(keyed.key))
    expect(JSON.stringify(row)).not.toContain(keyed.key)
  })
})

describe('a key that comes again', () => {
  const request = { lines: [{ productId: 'a', quantity: 1 }], note: { b: 1, a: [2, 3] } }

  test.each([
    ['in another order of members', { note: { a: [2, 3], b: 1 }, lines: request.lines }],
    ['to the letter', structuredClone(request)],
  ])('with the same request, %s, is the same', async (_, same) => {
    const keyed = newRequest(request)
    await claim(keyed)
    expect(await claim({ ...keyed, request: same })).toMatchObject({ found: 'unfinished' })
  })

  test.each([
    ['another value', { ...request, note: { b: 2, a: [2, 3] } }],
    ['another order of a list', { ...request, note: { b: 1, a: [3, 2] } }],
    ['a member more', { ...request, reason: 'x' }],
    ['a text for a number', { ...request, note: { b: '1', a: [2, 3] } }],
  ])('with %s is refused, by claiming and by finding', async (_, request) => {
    const keyed = newRequest({ ...request, note: { b: 1, a: [2, 3] }, reason: undefined })
    await claim(keyed)
    for (const again of [claim, found])
      await expect(again({ ...keyed, request })).rejects.toMatchObject({ code: 'idempotency-key-reused' })
  })
})

describe('findClaim()', () => {
  test('claims nothing', async () => {
    const keyed = newRequest()
    expect(await found(keyed)).toEqual({ found: 'nothing' })
    expect(await claim(keyed)).toEqual({ found: 'nothing' })
  })
})

describe('once()', () => {
  test('does the work of ten that come at once one time, and answers all to the letter the same', async () => {
    const keyed = newRequest()
    const replies = await Promise.all(Array.from({ length: 10 }, () => doOnce(keyed)))
    expect(await effectsOf(keyed)).toBe(1)
    expect(new Set(replies.map(({ body }) => JSON.stringify(body)))).toEqual(new Set(['{"zebra":1,"ant":2}']))
    for (const { status, headers } of replies)
      expect({ status, location: headers['location'] }).toEqual({ status: 201, location: '/things/1' })
    expect(replies.filter(({ headers }) => headers['idempotent-replayed'] === undefined)).toHaveLength(1)
  })

  test('keeps a refusal for the state of things, without what the work had begun', async () => {
    const keyed = newRequest()
    const refusal = new DomainError('out-of-stock', 'There are two left', {
      members: { productIds: ['a'] },
      errors: [{ pointer: '/lines/0', code: 'short' }],
    })
    const expected = {
      code: 'out-of-stock',
      message: 'There are two left',
      members: { productIds: ['a'] },
      errors: [{ pointer: '/lines/0', code: 'short' }],
    }
    await expect(doOnce(keyed, failing(refusal))).rejects.toMatchObject({ ...expected, headers: {} })
    // Meanwhile it would succeed; the answer is the one that was given.
    await expect(doOnce(keyed)).rejects.toMatchObject({
      ...expected,
      headers: { 'idempotent-replayed': 'true' },
    })
    expect(await effectsOf(keyed)).toBe(0)
  })

  test.each([
    ['a refusal that is no 409', new DomainError('unknown', 'There is no such product')],
    ['a refusal that it does not know', new DomainError('elsewhere', 'From another service')],
    ['a mistake of ours', new TypeError('undefined is not a function')],
  ])('keeps nothing of %s, so that it can be tried again', async (_, error) => {
    const keyed = newRequest()
    await expect(doOnce(keyed, failing(error))).rejects.toBe(error)
    expect(await effectsOf(keyed)).toBe(0)
    const { status, headers } = await doOnce(keyed)
    expect([status, headers['idempotent-replayed']]).toEqual([201, undefined])
    expect(await effectsOf(keyed)).toBe(1)
  })

  test('does no work for a key that came with another request', async () => {
    const keyed = newRequest()
    await doOnce(keyed)
    const other = doOnce({ ...keyed, request: { quantity: 3 } })
    await expect(other).rejects.toMatchObject({ code: 'idempotency-key-reused' })
    expect(await effectsOf(keyed)).toBe(1)
  })
})

describe('replay()', () => {
  const answer = { kind: 'success', status: 201, body: { id: 1 }, headers: { location: '/x' } } as const

  test.each([
    [false, { location: '/x' }],
    [true, { location: '/x', 'idempotent-replayed': 'true' }],
  ])('marks an answer as repeated: %p', (replayed, headers) => {
    expect(replay(answer, replayed)).toMatchObject({ status: 201, body: { id: 1 }, headers })
    expect(Object.keys(replay(answer, replayed).headers)).toEqual(Object.keys(headers))
  })
})

describe('forgetAnswers()', () => {
  test('forgets the oldest first, so many at a time, and none that is younger', async () => {
    await inTransaction(database, (tx) => tx.delete(idempotencyKeys))
    const ages = [26, 30, 23, 25]
    const requests = ages.map(() => newRequest())
    for (const [index, keyed] of requests.entries()) {
      await claim(keyed)
      await inTransaction(database, (tx) =>
        tx
          .update(idempotencyKeys)
          .set({ createdAt: sql`now(3) - interval ${ages[index]} hour` })
          .where(eq(idempotencyKeys.ownerId, keyed.ownerId)),
      )
    }
    const left = async () => {
      const claims = await Promise.all(requests.map(found))
      return ages.filter((_, index) => claims[index]?.found === 'unfinished')
    }
    expect(await forgetAnswers(database, { hours: 24, most: 2 })).toBe(2)
    expect(await left()).toEqual([23, 25])
    expect(await forgetAnswers(database, { hours: 24, most: 2 })).toBe(1)
    expect(await left()).toEqual([23])
  })
})
