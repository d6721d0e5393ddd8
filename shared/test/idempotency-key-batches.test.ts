import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { newId } from '../database/columns.ts'
import { closeDatabase, connectDatabase, type Database, inTransaction, read } from '../database/database.ts'
import { claimKeys, deleteClaims, findClaims, keepAnswers } from '../database/idempotency-key-batches.ts'
import { claimKey, findClaim, type KeptAnswer, type KeyedRequest } from '../database/idempotency-keys.ts'
import { createTestDatabase, type TestDatabase } from '../testing/stores.ts'
import { testLog } from '../testing/test-log.ts'

let created: TestDatabase
let database: Database
beforeAll(async () => {
  created = await createTestDatabase('order')
  const connected = connectDatabase({ url: created.url, poolMax: 4, log: testLog })
  // What is tested is what happens, not how fast.
  database = { ...connected, acquireTimeoutMs: 20_000, statementTimeoutMs: 20_000, deadlineMs: 20_000 }
})
afterAll(async () => {
  await closeDatabase(database)
  await created.drop()
})

/** Requests of different users, all with the same key. */
function newRequests(): [KeyedRequest, KeyedRequest, KeyedRequest] {
  const one = () => ({ ownerId: newId(), operation: 'place', key: 'the-same-key', request: { quantity: 2 } })
  return [one(), one(), one()]
}

const claim = (all: readonly KeyedRequest[]) =>
  inTransaction(database, (tx) =>
    claimKeys(
      tx,
      all.map((keyed) => ({ keyed, resourceId: keyed.ownerId })),
    ),
  )
const found = (all: readonly KeyedRequest[]) => read(database, (connection) => findClaims(connection, all))
const kinds = (all: readonly object[]) =>
  all.map((one) => ('found' in one ? one.found : Reflect.get(one, 'code')))

const answerOf = ({ ownerId }: KeyedRequest): KeptAnswer => ({
  kind: 'success',
  status: 201,
  body: { ownerId },
  headers: {},
})

describe('claimKeys()', () => {
  test('claims new keys, each for its own request', async () => {
    const all = newRequests()
    expect(kinds(await claim(all))).toEqual(['nothing', 'nothing', 'nothing'])
    const claims = await found(all)
    expect(claims.map((one) => Reflect.get(one, 'resourceId'))).toEqual(all.map(({ ownerId }) => ownerId))
  })

  test('claims none of several when one is not new', async () => {
    const [first, second, third] = newRequests()
    await claim([second])
    await expect(claim([first, second, third])).rejects.toThrow('not every key of a batch is new')
    expect(kinds(await found([first, second, third]))).toEqual(['nothing', 'unfinished', 'nothing'])
  })

  test('claims none of several when two are the same', async () => {
    const [first, second] = newRequests()
    await expect(claim([first, second, first])).rejects.toThrow('not every key of a batch is new')
    expect(kinds(await found([first, second]))).toEqual(['nothing', 'nothing'])
  })

  test('says of a single key what it finds', async () => {
    const [first] = newRequests()
    await claim([first])
    expect(kinds(await claim([first]))).toEqual(['unfinished'])
    await expect(claim([{ ...first, request: 'another' }])).rejects.toMatchObject({
      code: 'idempotency-key-reused',
    })
  })
})

describe('findClaims()', () => {
  test('finds each key by itself, and refuses only the one that was used for something else', async () => {
    const [first, second, third] = newRequests()
    await claim([first, second])
    await inTransaction(database, (tx) => keepAnswers(tx, [{ keyed: first, answer: answerOf(first) }]))
    const other = { ...second, request: { quantity: 3 } }
    expect(kinds(await found([first, other, third]))).toEqual(['answer', 'idempotency-key-reused', 'nothing'])
  })
})

describe('keepAnswers()', () => {
  test('keeps each answer under its own key, and changes no other', async () => {
    const [first, second, third] = newRequests()
    await claim([first, second, third])
    await inTransaction(database, (tx) =>
      keepAnswers(
        tx,
        [second, first].map((keyed) => ({ keyed, answer: answerOf(keyed) })),
      ),
    )
    expect(await found([first, second])).toEqual(
      [first, second].map((keyed) => ({ found: 'answer', answer: answerOf(keyed) })),
    )
    expect(kinds(await found([third]))).toEqual(['unfinished'])
  })

  test('keeps nothing where there is nothing to keep', async () => {
    const [first] = newRequests()
    await claim([first])
    await inTransaction(database, (tx) => keepAnswers(tx, []))
    expect(kinds(await found([first]))).toEqual(['unfinished'])
  })
})

describe('deleteClaims()', () => {
  test('gives up only those claims, in the transaction that made them', async () => {
    const [first, second, third] = newRequests()
    await inTransaction(database, async (tx) => {
      await claimKeys(
        tx,
        [first, second, third].map((keyed) => ({ keyed, resourceId: newId() })),
      )
      await deleteClaims(tx, [second])
    })
    expect(kinds(await found([first, second, third]))).toEqual(['unfinished', 'nothing', 'unfinished'])
    expect((await inTransaction(database, (tx) => claimKey(tx, second))).found).toBe('nothing')
    expect((await read(database, (connection) => findClaim(connection, first))).found).toBe('unfinished')
  })
})
