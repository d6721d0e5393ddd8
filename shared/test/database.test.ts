import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { setTimeout as delay } from 'node:timers/promises'
import { eq, sql } from 'drizzle-orm'
import { int, mysqlTable } from 'drizzle-orm/mysql-core'
import mysql from 'mysql2/promise'
import { iamApi } from '../api/iam.ts'
import { clientOf } from '../clients/client.ts'
import { databaseCheck } from '../database/check.ts'
import {
  closeDatabase,
  connectDatabase,
  type Database,
  inTransaction,
  type Reader,
  read,
  repeatably,
  type Transaction,
} from '../database/database.ts'
import { DependencyUnavailable, InvariantViolation, OutcomeUnknown } from '../problem.ts'
import { onRedis } from '../process/redis.ts'
import { createMetrics } from '../telemetry/metrics.ts'
import { createTestDatabase, MYSQL_URL } from '../testing/stores.ts'
import { startTcpProxy, type TcpProxy } from '../testing/tcp-proxy.ts'
import { testLog } from '../testing/test-log.ts'
import { until } from '../testing/until.ts'

const counters = mysqlTable('counters', { id: int('id').primaryKey(), count: int('count').notNull() })
const metrics = createMetrics('test')
/** What a client is promised, with room for a machine that does other things as well. */
const ANSWERED_WITHIN_MS = 4_000

let database: Database
let proxied: Database
let proxy: TcpProxy
let drop: () => Promise<void>

beforeAll(async () => {
  const created = await createTestDatabase('iam')
  proxy = await startTcpProxy(created.url)
  database = connectDatabase({ url: created.url, poolMax: 4, log: testLog, metrics })
  proxied = connectDatabase({ url: proxy.url, poolMax: 2, log: testLog })
  drop = created.drop
  await inTransaction(database, async (tx) => {
    await tx.execute(sql`create table counters (id int primary key, count int not null)`)
  })
})

afterAll(async () => {
  await proxy.setMode('pass')
  proxy.cut()
  await Promise.all([closeDatabase(database), closeDatabase(proxied)])
  await proxy.close()
  await drop()
})

let ids = 0
async function newCounter(): Promise<number> {
  const id = ++ids
  await inTransaction(database, (tx) => tx.insert(counters).values({ id, count: 0 }))
  return id
}

function add(tx: Transaction, id: number) {
  return tx
    .update(counters)
    .set({ count: sql`${counters.count} + 1` })
    .where(eq(counters.id, id))
}

async function countOf(id: number): Promise<number | undefined> {
  const [row] = await read(database, (connection) =>
    connection.select().from(counters).where(eq(counters.id, id)),
  )
  return row?.count
}

async function connectionId(tx: Transaction): Promise<number> {
  const [row] = await tx.select({ id: sql<number>`connection_id()` }).from(sql`dual`)
  return row?.id ?? 0
}

describe('inTransaction()', () => {
  test('runs both of two that deadlock, each once in effect', async () => {
    const [one, other] = [await newCounter(), await newCounter()]
    const both = Promise.withResolvers<void>()
    let inside = 0
    let runs = 0
    const crossed = (first: number, second: number) =>
      inTransaction(database, async (tx) => {
        runs++
        await add(tx, first)
        if (++inside === 2) both.resolve()
        await both.promise
        await add(tx, second)
      })
    await Promise.all([crossed(one, other), crossed(other, one)])
    expect(runs).toBeGreaterThan(2)
    expect([await countOf(one), await countOf(other)]).toEqual([2, 2])
    expect(await metrics.registry.getSingleMetricAsString('transaction_retries_total')).toMatch(
      /reason="deadlock"[^}]*\} [1-9]/,
    )
  })

  test('undoes all of it when a row cannot be had, and says that nothing was changed', async () => {
    const [free, held] = [await newCounter(), await newCounter()]
    const holding = Promise.withResolvers<void>()
    const letGo = Promise.withResolvers<void>()
    const holder = inTransaction({ ...database, deadlineMs: 60_000 }, async (tx) => {
      await add(tx, held)
      holding.resolve()
      // Keeps the transaction in use: the server ends one in which nothing happens.
      while (await Promise.race([letGo.promise.then(() => false), delay(500, true)])) {
        await connectionId(tx)
      }
    })
    await holding.promise
    const waiter = inTransaction(database, async (tx) => {
      await add(tx, free)
      await add(tx, held)
    })
    await expect(waiter).rejects.toThrow(DependencyUnavailable)
    letGo.resolve()
    await holder
    expect([await countOf(free), await countOf(held)]).toEqual([0, 1])
  })

  test('runs again on another connection when its own is killed before the commit', async () => {
    const id = await newCounter()
    let runs = 0
    await inTransaction(database, async (tx) => {
      await add(tx, id)
      if (++runs > 1) return
      const victim = await connectionId(tx)
      await database.pool.query(`kill ${victim}`)
      await connectionId(tx)
    })
    expect(runs).toBe(2)
    expect(await countOf(id)).toBe(1)
  })

  test('does not know the outcome, and does not run again, when the commit gets no answer', async () => {
    const id = await newCounter()
    let runs = 0
    const work = inTransaction(proxied, async (tx) => {
      runs++
      await add(tx, id)
      await proxy.setMode('black-hole')
    })
    await expect(work).rejects.toThrow(OutcomeUnknown)
    expect(runs).toBe(1)
    await proxy.setMode('pass')
    proxy.cut()
    expect(await countOf(id)).toBeLessThanOrEqual(1)
  })

  test('ends by itself when its process stands still, so that others get the rows', async () => {
    const id = await newCounter()
    const holding = Promise.withResolvers<void>()
    const asleep = inTransaction({ ...database, deadlineMs: 60_000 }, async (tx) => {
      await add(tx, id)
      holding.resolve()
      await delay(7_000)
      throw new Error('stood still for too long')
    })
    await holding.promise
    for (;;) {
      try {
        await inTransaction(database, (tx) => add(tx, id))
        break
      } catch (error) {
        expect(error).toBeInstanceOf(DependencyUnavailable)
      }
    }
    await expect(asleep).rejects.toThrow('stood still')
    expect(await countOf(id)).toBe(1)
  }, 60_000)

  test('counts and undoes what would break an invariant', async () => {
    const id = await newCounter()
    const work = inTransaction(database, async (tx) => {
      await add(tx, id)
      throw new InvariantViolation('tests-hold', 'it did not')
    })
    await expect(work).rejects.toThrow(InvariantViolation)
    expect(await countOf(id)).toBe(0)
    expect(await metrics.registry.getSingleMetricAsString('invariant_violation_total')).toMatch(
      /invariant="tests-hold"[^}]*\} 1/,
    )
  })

  const outside: [string, () => Promise<unknown>][] = [
    ['another service', () => clientOf(iamApi, { baseUrl: 'http://127.0.0.1:1' }).listApiKeys({})],
    ['Redis', () => onRedis('PING', async () => undefined)],
    ['a second connection', () => countOf(1)],
    ['a transaction of its own', () => inTransaction(database, async () => undefined)],
  ]
  test.each(outside)('refuses to wait for %s while it holds rows', async (_, ask) => {
    await expect(inTransaction(database, ask)).rejects.toThrow('inside a transaction')
    if (_ === 'Redis') await ask()
  })
})

describe('a database that does not answer', () => {
  test.each(['an idle connection', 'no free connection'])('is noticed in time with %s', async (which) => {
    await repeatably(proxied, (connection) => connection.execute(sql`select 1`))
    await proxy.setMode('black-hole')
    const waiting = Array.from({ length: which === 'an idle connection' ? 1 : 12 }, async () => {
      const startedAt = performance.now()
      const [outcome] = await Promise.allSettled([inTransaction(proxied, connectionId)])
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(DependencyUnavailable) })
      return performance.now() - startedAt
    })
    const worst = Math.max(...(await Promise.all(waiting)))
    await proxy.setMode('pass')
    proxy.cut()
    expect(worst).toBeLessThan(ANSWERED_WITHIN_MS)
  })

  test.each([
    ['a transaction', inTransaction],
    ['a read', read],
  ])('is a dependency that does not answer in the middle of %s', async (_, run) => {
    const work = async (connection: Reader) => {
      await connection.select({ one: sql`1` }).from(sql`dual`)
      await proxy.setMode('black-hole')
      await connection.select({ two: sql`2` }).from(sql`dual`)
    }
    const [outcome] = await Promise.allSettled([run(proxied, work)])
    await proxy.setMode('pass')
    proxy.cut()
    expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(DependencyUnavailable) })
  })

  test('works again as soon as it answers', async () => {
    const startedAt = performance.now()
    for (;;) {
      try {
        await repeatably(proxied, (connection) => connection.execute(sql`select 1`))
        break
      } catch (error) {
        expect(error).toBeInstanceOf(DependencyUnavailable)
        expect(performance.now() - startedAt).toBeLessThan(20_000)
      }
    }
  })
})

describe('connectDatabase()', () => {
  test('lets go of idle connections before the server closes them', async () => {
    const idle = connectDatabase({ url: proxy.url, poolMax: 2, log: testLog })
    const errors: unknown[] = []
    idle.pool.on('connection', (connection) => connection.on('error', (error: unknown) => errors.push(error)))
    const [used] = await read(idle, (connection) =>
      connection.select({ id: sql<number>`connection_id()` }).from(sql`dual`),
    )
    await until('the connection is closed', async () => {
      const [rows] = await repeatably(database, (connection) =>
        connection.execute(sql`select id from information_schema.processlist where id = ${used?.id}`),
      )
      return Array.isArray(rows) && rows.length === 0
    })
    expect(errors).toEqual([])
    await closeDatabase(idle)
  })
})

describe('databaseCheck()', () => {
  test('is content with a database that keeps its promises', async () => {
    expect(await databaseCheck(database)()).toBeUndefined()
  })

  test('refuses one that may forget commits when the power is cut', async () => {
    await setFlush(2)
    try {
      expect(await databaseCheck(database)()).toBe('innodb_flush_log_at_trx_commit must be 1')
    } finally {
      await setFlush(1)
    }
  })

  async function setFlush(value: 1 | 2): Promise<void> {
    const administrator = await mysql.createConnection({ uri: MYSQL_URL })
    await administrator.query(`set global innodb_flush_log_at_trx_commit = ${value}`)
    await administrator.end()
  }
})

test('connections are counted as long as they are in use, also one that is cut', async () => {
  const inUse = async () => (await metrics.connectionsInUse.get()).values.map(({ value }) => value)
  await inTransaction(database, async (tx) => {
    await connectionId(tx)
    expect(await inUse()).toEqual([1])
  })
  expect(await inUse()).toEqual([0])
  const tooSlow = repeatably({ ...database, deadlineMs: 50 }, (connection) =>
    connection.execute(sql`select sleep(2)`),
  )
  expect(await tooSlow.catch((error: unknown) => error)).toBeInstanceOf(DependencyUnavailable)
  expect(await inUse()).toEqual([0])
})

/** What the compiler must refuse; it is compiled and never called. */
export async function refusedByTheCompiler() {
  const count = { id: 1, count: 1 }
  // @ts-expect-error A read adds no row.
  await read(database, (connection) => connection.insert(counters).values(count))
  // @ts-expect-error A read changes no row.
  await read(database, (connection) => connection.update(counters).set(count))
  // @ts-expect-error A read deletes no row.
  await read(database, (connection) => connection.delete(counters))
  // @ts-expect-error A read runs no statement that is only text, because that may write.
  await read(database, (connection) => connection.execute(sql`truncate counters`))
  // @ts-expect-error A read does not begin a transaction.
  await read(database, (connection) => connection.transaction(async () => undefined))
  // @ts-expect-error What needs a transaction cannot be done in a read.
  await read(database, (connection) => add(connection, 1))
}
