import { afterAll, beforeAll, expect, test } from 'bun:test'
import process from 'node:process'
import { sql } from 'drizzle-orm'
import {
  closeDatabase,
  connectDatabase,
  type Database,
  type Reader,
  read,
  repeatably,
} from '../database/database.ts'
import { DependencyUnavailable } from '../problem.ts'
import { createTestDatabase } from '../testing/stores.ts'
import { testLog } from '../testing/test-log.ts'

const warnings: string[] = []
const hear = ({ name }: Error) => warnings.push(name)

let database: Database
let drop: () => Promise<void>

beforeAll(async () => {
  process.on('warning', hear)
  const created = await createTestDatabase('iam')
  database = connectDatabase({ url: created.url, poolMax: 1, log: testLog })
  drop = created.drop
})

afterAll(async () => {
  process.off('warning', hear)
  await closeDatabase(database)
  await drop()
})

test('read() asks nothing on a connection that came too late for an answer in time', async () => {
  const before = await read(database, connectionId)
  const busy = repeatably(database, (connection) => connection.execute(sql`select sleep(0.3)`))
  const late = read({ ...database, acquireTimeoutMs: 60_000, statementTimeoutMs: 50 }, connectionId)
  await expect(late).rejects.toThrow(DependencyUnavailable)
  await busy
  // The connection was not at fault: the next one has it.
  expect(await read(database, connectionId)).toBe(before)
  expect(warnings).toEqual([])
})

async function connectionId(connection: Reader): Promise<number | undefined> {
  const [row] = await connection.select({ id: sql<number>`connection_id()` }).from(sql`dual`)
  return row?.id
}
