import type mysql from 'mysql2/promise'

/*
 * Fills the tables of a service with made-up rows, so that the database plans as it does for a marketplace that has
 * been open for a while. Ids that belong together are made from the same number.
 */

/** Tables that the services keep small, and how many rows they may have. */
export const BOUNDED: Readonly<Record<string, number>> = { api_keys: 1_000 }

type Column = { name: string; type: string; isNullable: boolean; isGenerated: boolean }

/** Adds rows to every table of a database until each has so many, and has the database look at them. */
export async function fillTables(admin: mysql.Connection, database: string, rows: number): Promise<string[]> {
  const [found] = await admin.query<mysql.RowDataPacket[]>(
    `select table_name as name from information_schema.tables
     where table_schema = ? and table_type = 'BASE TABLE' and table_name not like '\\_\\_%'`,
    [database],
  )
  const tables = found.map((row) => String(row['name']))
  await admin.query(`use \`${database}\``)
  for (const table of tables) {
    const columns = (await columnsOf(admin, database, table)).filter(({ isGenerated }) => !isGenerated)
    const names = columns.map(({ name }) => `\`${name}\``).join(', ')
    const values = columns.map((column) => madeUp(table, column)).join(', ')
    await admin.query(
      `insert ignore into \`${database}\`.\`${table}\` (${names}) select ${values} from (${NUMBERS}) numbers where n < ${Math.min(rows, BOUNDED[table] ?? rows)}`,
    )
    await admin.query(`analyze table \`${database}\`.\`${table}\``)
  }
  return tables
}

const DIGITS = Array.from({ length: 10 }, (_, digit) => `select ${digit} d`).join(' union all ')
/** Every number below a hundred thousand. */
const NUMBERS = `select a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d n
  from (${DIGITS}) a, (${DIGITS}) b, (${DIGITS}) c, (${DIGITS}) e, (${DIGITS}) f`

async function columnsOf(admin: mysql.Connection, database: string, table: string): Promise<Column[]> {
  const [rows] = await admin.query<mysql.RowDataPacket[]>(
    `select column_name as name, column_type as type, is_nullable as nullable, extra as extra
     from information_schema.columns where table_schema = ? and table_name = ? order by ordinal_position`,
    [database, table],
  )
  return rows.map((row) => ({
    name: String(row['name']),
    type: String(row['type']),
    isNullable: row['nullable'] === 'YES',
    isGenerated: /generated/i.test(String(row['extra'])) && !/default_generated/i.test(String(row['extra'])),
  }))
}

/** How many of each there are for all rows together. */
const OWNERS: Record<string, string> = {
  seller: 'n % 200',
  buyer: 'n % 5000',
  user: 'n % 5000',
  owner: 'n % 5000',
}

function madeUp(table: string, { name, type, isNullable }: Column): string {
  const size = Number(/\((\d+)/.exec(type)?.[1] ?? 0)
  if (type.startsWith('binary(16)'))
    return `unhex(left(${hashOf(`'${kindOf(table, name)}', ${numberOf(name)}`)}, 32))`
  if (type.startsWith('binary')) return `unhex(${hashOf(`'${table}', '${name}', n`)})`
  if (type.startsWith('enum')) {
    const words = type.slice(5, -1)
    return `elt(1 + n % ${words.split(',').length}, ${words})`
  }
  if (/timestamp|datetime/.test(type)) return timeOf(name, isNullable)
  if (/int|decimal/.test(type))
    return /released|cancelled/.test(name) ? '0' : name === 'version' ? '1' : '1 + n % 1000'
  if (/blob/.test(type)) return `'x'`
  if (/text|json/.test(type)) return `'{}'`
  if (name === 'currency') return `'EUR'`
  return `left(concat('${name.slice(0, 1)}', lpad(n, 9, '0'), ${hashOf('n')}), ${Math.max(size, 1)})`
}

/** MySQL 9 has no md5() any more. */
function hashOf(parts: string): string {
  return `sha2(concat(${parts}), 256)`
}

function kindOf(table: string, name: string): string {
  const owner = name.replace(/_id$/, '')
  if (name !== 'id') return owner in OWNERS ? 'person' : owner
  return table.replace(/s$/, '')
}

function numberOf(name: string): string {
  return OWNERS[name.replace(/_id$/, '')] ?? 'n'
}

/** Of what waits for something there is little: most of it was done long ago. */
function timeOf(name: string, isNullable: boolean): string {
  const past = 'now(3) - interval n + 60 second'
  if (!isNullable) return /expires|due/.test(name) ? 'now(3) + interval n % 900 second' : past
  if (/due|pay_by|expires/.test(name)) return 'if(n % 500 = 0, now(3) + interval n second, null)'
  return `if(n % 1000 = 0, null, ${past})`
}
