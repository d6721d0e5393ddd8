import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { adminUrls, SERVICES, settingOf } from './stack.ts'

/** The administrator's connection to all databases. */
export const database = await createConnection({ uri: adminUrls.mysql, supportBigNumbers: true })
/** The administrator's connection to Redis. */
export const redis = new Redis(adminUrls.redis)

/** A fingerprint of every table, and of each session. */
export type Rows = ReadonlyMap<string, Print>
/** What is in a table or a session, and when that ends by itself, as only a session does. */
type Print = { content: string; endsAtMs: number }

const NEVER = Number.POSITIVE_INFINITY

/** That a key was used is noted with every request, a refused one too. */
const NOTED_WITH_EVERY_REQUEST = new Set(['api_keys.last_used_at'])
const SETTLED_PAUSE_MS = 150
const SETTLED_WITHIN_MS = 60_000

/** The name of the database of each service. */
export const databases: readonly string[] = SERVICES.map((service) =>
  new URL(settingOf(service, 'DATABASE_URL')).pathname.slice(1),
)

/** A table and its columns. */
export type Table = { database: string; name: string; columns: readonly Column[] }
type Column = { name: string; type: string; isKey: boolean }

/** A fingerprint of each column of every row, by table and key, and of each session. */
export type EachRow = ReadonlyMap<string, Readonly<Record<string, unknown>>>

/** Every table of every service. */
export const tables: readonly Table[] = await listTables()

/** Rows answered to an administrator. */
export async function select(statement: string, values: unknown[] = []): Promise<RowDataPacket[]> {
  const [rows] = await database.query<RowDataPacket[]>(statement, values)
  return rows
}

/** What is in all tables and sessions now. */
export async function readRows(): Promise<Rows> {
  const rows = await select(fingerprints)
  const prints = rows.map((row): [string, Print] => [row['name'], { content: row['print'], endsAtMs: NEVER }])
  return new Map([...prints, ...(await readSessions())])
}

/** What is in all tables and sessions once nothing moves any more. */
export async function settledRows(): Promise<Rows> {
  const deadline = Date.now() + SETTLED_WITHIN_MS
  for (let before = await readRows(); ; ) {
    await delay(SETTLED_PAUSE_MS)
    const now = await readRows()
    if (changesBetween(before, now).length === 0) return now
    if (Date.now() > deadline)
      throw new Error(`These are never at rest: ${changesBetween(before, now).join(', ')}`)
    before = now
  }
}

/**
 * The tables and sessions that differ. A session whose time was over is no change: other tests leave short ones in the
 * same Redis, and how many of them end meanwhile depends on how busy the machine is.
 */
export function changesBetween(before: Rows, after: Rows): string[] {
  const names = new Set([...before.keys(), ...after.keys()])
  return [...names].filter((name) => {
    const [was, is] = [before.get(name), after.get(name)]
    return was && !is ? Date.now() < was.endsAtMs : was?.content !== is?.content
  })
}

/** What is in all tables and sessions now, row by row: to say what changed, where `Rows` say only whether. */
export async function readEachRow(): Promise<EachRow> {
  const found = new Map<string, Record<string, unknown>>()
  for (const { database: schema, name, columns } of tables) {
    const key = `concat_ws(' ', ${columns.filter(({ isKey }) => isKey).map(keyOf)})`
    const prints = keptOf(name, columns).map((column) => `crc32(${contentOf(column)}) \`${column.name}\``)
    const rows = await select(`select ${key} row_key, ${prints} from \`${schema}\`.\`${name}\``)
    for (const { row_key: rowKey, ...row } of rows) found.set(`${schema}.${name} ${rowKey}`, row)
  }
  for (const [key, { content }] of await readSessions()) found.set(key, { record: content })
  return found
}

/** The rows that differ, and in which columns: nothing of what is in them. */
export function differencesBetween(before: EachRow, after: EachRow): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    const [was, is] = [before.get(name), after.get(name)]
    if (!was || !is) return `${name} is ${was ? 'gone' : 'new'}`
    const columns = Object.keys(is).filter((column) => was[column] !== is[column])
    return columns.length > 0 ? `${name}: ${columns.join(', ')}` : []
  })
}

const fingerprints = tables
  .map(({ database: schema, name, columns }) => {
    const row = `concat_ws(0x1f, ${keptOf(name, columns).map(contentOf).join(', ')})`
    return `select '${schema}.${name}' name,
      concat(count(*), ' ', coalesce(bit_xor(crc32(${row})), 0), ' ', coalesce(sum(crc32(reverse(${row}))), 0)) print
      from \`${schema}\`.\`${name}\``
  })
  .join(' union all ')

function keptOf(table: string, columns: Table['columns']): Table['columns'] {
  return columns.filter((column) => !NOTED_WITH_EVERY_REQUEST.has(`${table}.${column.name}`))
}

function contentOf({ name, type }: Column): string {
  return type.endsWith('blob') ? `sha2(\`${name}\`, 256)` : `quote(\`${name}\`)`
}

function keyOf({ name, type }: Column): string {
  return type === 'binary' ? `lower(hex(\`${name}\`))` : `\`${name}\``
}

async function readSessions(): Promise<[string, Print][]> {
  const keys = [...(await redis.keys('session:*')), ...(await redis.keys('sessions:*'))].sort()
  const prints = await Promise.all(keys.map(readSession))
  return prints.flatMap((print, index): [string, Print][] => (print ? [[keys[index] ?? '', print]] : []))
}

/** Undefined when it has ended since it was found. */
async function readSession(key: string): Promise<Print | undefined> {
  const [leftMs, dump] = await Promise.all([redis.pttl(key), redis.dumpBuffer(key)])
  if (dump === null) return undefined
  return { content: dump.toString('base64'), endsAtMs: leftMs < 0 ? NEVER : Date.now() + leftMs }
}

async function listTables(): Promise<Table[]> {
  const rows = await select(
    'select table_schema s, table_name t, column_name c, data_type d, column_key k from information_schema.columns where table_schema in (?) order by 1, 2, ordinal_position',
    [databases],
  )
  const found = Map.groupBy(rows, (row) => `${row['s']}.${row['t']}`)
  return [...found.values()].map((columns) => ({
    database: columns[0]?.['s'],
    name: columns[0]?.['t'],
    columns: columns.map((row) => ({ name: row['c'], type: row['d'], isKey: row['k'] === 'PRI' })),
  }))
}
