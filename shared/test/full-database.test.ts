import { afterAll, beforeAll, expect, test } from 'bun:test'
import { count, sql } from 'drizzle-orm'
import { char, int, mysqlTable } from 'drizzle-orm/mysql-core'
import { closeDatabase, connectDatabase, type Database, inTransaction, read } from '../database/database.ts'
import { DependencyUnavailable } from '../problem.ts'
import { createTestDatabase } from '../testing/stores.ts'
import { testLog } from '../testing/test-log.ts'

/*
 * A table in memory that may have 16 KB: the server says of it what it says of every table when its disk is full, and
 * has room again when rows are gone.
 */

const notes = mysqlTable('notes', {
  id: int('id').primaryKey(),
  text: char('text', { length: 200 }).notNull(),
})
const NOTES_MAX = 10_000

let database: Database
let drop: () => Promise<void>
beforeAll(async () => {
  const created = await createTestDatabase('iam')
  drop = created.drop
  database = connectDatabase({ url: created.url, poolMax: 1, log: testLog })
  await inTransaction(database, async (tx) => {
    await tx.execute(sql`set session max_heap_table_size = 16384`)
    await tx.execute(sql`create table notes (id int primary key, text char(200) not null) engine = memory`)
    await tx.execute(sql`set session max_heap_table_size = default`)
  })
})
afterAll(async () => {
  await closeDatabase(database)
  await drop()
})

function write(id: number): Promise<unknown> {
  return inTransaction(database, (tx) => tx.insert(notes).values({ id, text: 'x' }))
}

async function stored(): Promise<number | undefined> {
  const [row] = await read(database, (connection) => connection.select({ rows: count() }).from(notes))
  return row?.rows
}

/** Writes until the table is full. Answers how many were acknowledged, and the refusal. */
async function fill(from: number): Promise<{ acknowledged: number; refusal: unknown }> {
  for (let acknowledged = 0; acknowledged < NOTES_MAX; acknowledged++) {
    const [outcome] = await Promise.allSettled([write(from + acknowledged)])
    if (outcome.status === 'rejected') return { acknowledged, refusal: outcome.reason }
  }
  throw new Error('the table never is full')
}

test('A database without room is one that cannot be used now: what it acknowledged is there, and it goes on when there is room', async () => {
  const { acknowledged, refusal } = await fill(0)
  expect(refusal).toBeInstanceOf(DependencyUnavailable)
  expect(acknowledged).toBeGreaterThan(0)
  expect(await stored()).toBe(acknowledged)

  await inTransaction(database, (tx) => tx.delete(notes))
  const again = await fill(NOTES_MAX)
  expect(again.refusal).toBeInstanceOf(DependencyUnavailable)
  expect(await stored()).toBe(again.acknowledged)
})
