import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { SERVICES, type ServiceName } from '@bazaar/stack/servers/databases'
import type mysql from 'mysql2/promise'
import { BOUNDED, fillTables } from './fill.ts'
import { createDatabases, type Databases, startMarketplace } from './marketplace.ts'
import { findsRows, isLocking, namedByValues, shapeOf, tablesOf } from './statements.ts'

/*
 * The journeys run through a marketplace that writes down every statement that it sends. Each is then explained by the
 * database, on tables that are empty, small and large: plans change as tables grow.
 */

setDefaultTimeout(900_000)

const ROWS = [0, 2, 100_000]
/** So many rows a statement may look at whatever the table holds: far more than any page, far less than a large table. */
const LOOKED_AT_MAX = 5_000

/** What tells statements that may go through more than that, and why they may. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'select `category`, count(*)': 'the home page counts the products of each category, in the index alone',
  'recent.status': 'the home page looks for what is almost gone among the newest two thousand products',
  'select count(*), coalesce(timestampdiff(microsecond, min(`orders`.`placed_at`)':
    'counts the orders that are PENDING, of which there are few; here it is one in seven',
}

/** One step of a plan, as both databases show it. */
type Step = { table: string; type: string; key: string; rows: number; extra: string }

/** Whether a step finds what it locks by the primary key; or finds that there is nothing. */
function goesByPrimaryKey({ table, type, key }: Step): boolean {
  if (table === '') return true
  const types = table in BOUNDED ? ['const', 'range', 'ref', 'index'] : ['const', 'range', 'ref']
  return key === 'PRIMARY' && types.includes(type)
}

/** Whether a step looks at more and more rows as the table grows. One that follows an index ends at the limit. */
function growsWithTable({ type, rows, extra }: Step, statement: string): boolean {
  if (rows <= LOOKED_AT_MAX) return false
  const endsAtLimit = /\blimit \d+\s*(for update.*)?$/i.test(statement) && type !== 'ALL'
  // MySQL notes in a temporary table which rows it is going to change: no more than the limit.
  const sortsBefore = /filesort/i.test(extra) || (/temporary/i.test(extra) && /^\s*select/i.test(statement))
  return !endsAtLimit || sortsBefore
}

let databases: Databases
const statements: Record<ServiceName, string[]> = { iam: [], user: [], inventory: [], order: [] }

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bazaar-statements-'))
  const file = join(folder, 'statements')
  const sold = await createDatabases()
  const recorder = fileURLToPath(new URL('record-statements.ts', import.meta.url))
  const market = await startMarketplace(sold, { BUN_OPTIONS: `--preload=${recorder}`, STATEMENTS_FILE: file })
  const journeys = spawn(process.execPath, ['test', '--timeout=120000', './tests/journeys'], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { ...process.env, ...market.urls, BAZAAR_ENVIRONMENTS: JSON.stringify(market.environments) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [journeys.stdout, journeys.stderr])
    stream.on('data', (chunk) => {
      output += String(chunk)
    })
  const [status] = await once(journeys, 'close')
  await market.stop()
  await sold.drop()
  if (status !== 0) throw new Error(`The journeys failed:\n${output}`)

  databases = await createDatabases()
  // MySQL 9 explains with a tree unless it is told to use the table that MariaDB has, too.
  await databases.admin.query("/*!80032 set explain_format = 'TRADITIONAL' */")
  const seen = new Map<string, { short: string; long: string }>()
  for (const line of (await readFile(file, 'utf8')).trimEnd().split('\n')) {
    const statement = String(JSON.parse(line))
    if (!findsRows(statement)) continue
    // Those of one shape differ in how much they look for: one row, or those of all orders that are placed together.
    const { short, long } = seen.get(shapeOf(statement)) ?? { short: statement, long: statement }
    seen.set(shapeOf(statement), {
      short: statement.length < short.length ? statement : short,
      long: statement.length > long.length ? statement : long,
    })
  }
  await rm(folder, { recursive: true })
  for (const statement of [...seen.values()].flatMap(({ short, long }) => [...new Set([short, long])])) {
    const [table = ''] = tablesOf(statement)
    for (const service of SERVICES) if (await hasTable(service, table)) statements[service].push(statement)
  }
})
afterAll(() => databases.drop())

async function hasTable(service: ServiceName, table: string): Promise<boolean> {
  const [rows] = await databases.admin.query<mysql.RowDataPacket[]>(
    'select 1 from information_schema.tables where table_schema = ? and table_name = ?',
    [databases.nameOf(service), table],
  )
  return rows.length > 0
}

async function explain(service: ServiceName, statement: string): Promise<Step[]> {
  await databases.admin.query(`use \`${databases.nameOf(service)}\``)
  const [rows] = await databases.admin.query<mysql.RowDataPacket[]>(`explain ${statement}`)
  return rows.map((row) => ({
    table: String(row['table'] ?? ''),
    type: String(row['type'] ?? ''),
    key: String(row['key'] ?? ''),
    rows: Number(row['rows'] ?? 0),
    extra: String(row['Extra'] ?? ''),
  }))
}

test('the journeys sent statements of every kind', () => {
  for (const service of SERVICES) expect(statements[service].length).toBeGreaterThan(0)
  expect(SERVICES.flatMap((service) => statements[service].filter(isLocking)).length).toBeGreaterThan(8)
})

test('no statement names a column of its answer by a value', () => {
  const all = SERVICES.flatMap((service) => statements[service])
  expect(all.flatMap(namedByValues)).toEqual([])
})

describe.each(ROWS)('with %d rows in each table', (rows) => {
  beforeAll(async () => {
    for (const service of SERVICES) await fillTables(databases.admin, databases.nameOf(service), rows)
  })

  test('a statement that locks finds rows of one table, by its primary key', async () => {
    const wrong: unknown[] = []
    for (const service of SERVICES) {
      for (const statement of statements[service].filter(isLocking)) {
        const plan = await explain(service, statement)
        if (tablesOf(statement).length !== 1 || !plan.every(goesByPrimaryKey))
          wrong.push({ shape: shapeOf(statement), plan })
      }
    }
    expect(wrong).toEqual([])
  })
})

test('no statement goes through a table that has become large', async () => {
  const wrong: unknown[] = []
  for (const service of SERVICES) {
    for (const statement of statements[service]) {
      const shape = shapeOf(statement)
      if (Object.keys(EXCEPTIONS).some((part) => statement.includes(part))) continue
      const plan = await explain(service, statement)
      if (plan.some((step) => growsWithTable(step, statement))) wrong.push({ shape, plan })
    }
  }
  expect(wrong).toEqual([])
})
