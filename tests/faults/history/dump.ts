import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import type { Target } from '../cluster/target.ts'
import { readDeadLetters } from './queues.ts'
import type { Rows } from './rows.ts'

type Table = { database: keyof Target['databases']; columns: string; from: string; id: string }

/** What is read of which table. Ids are in the order of their making: `id` tells what belongs to this run. */
const TABLES = {
  products: { database: 'inventory', columns: 'id, seller_id, price_minor', from: 'products', id: 'id' },
  stock: {
    database: 'inventory',
    columns: 'product_id, stock_count, last_sequence',
    from: 'stock',
    id: 'product_id',
  },
  movements: {
    database: 'inventory',
    columns: 'product_id, sequence, delta, reason, source_id, stock_after, at',
    from: 'stock_movements',
    id: 'product_id',
  },
  reservations: {
    database: 'inventory',
    columns: 'order_id, status, expires_at',
    from: 'reservations',
    id: 'order_id',
  },
  reservationLines: {
    database: 'inventory',
    columns: 'order_id, product_id, quantity, released_quantity',
    from: 'reservation_lines',
    id: 'order_id',
  },
  inventoryOutbox: {
    database: 'inventory',
    columns: 'id, type, sent_at, attempts',
    from: 'outbox',
    id: 'id',
  },
  inventoryInbox: {
    database: 'inventory',
    columns: 'consumer, message_id',
    from: 'inbox',
    id: 'message_id',
  },
  orders: {
    database: 'order',
    columns: 'id, buyer_id, status, total_minor, placed_key_hash, rejection_reason',
    from: 'orders',
    id: 'id',
  },
  orderLines: {
    database: 'order',
    columns: 'order_id, product_id, seller_id, unit_price_minor, quantity, cancelled_quantity',
    from: 'order_lines',
    id: 'order_id',
  },
  parts: { database: 'order', columns: 'order_id, seller_id, status', from: 'order_parts', id: 'order_id' },
  payments: {
    database: 'order',
    columns: 'id, order_id, type, status, amount_minor',
    from: 'payments',
    id: 'id',
  },
  cancellations: {
    database: 'order',
    columns: '`id`, order_id, reason, `lines`, stock_restored_at',
    from: 'cancellations',
    id: 'id',
  },
  refunds: {
    database: 'order',
    columns: 'id, payment_id, order_id, cancellation_id, amount_minor, status',
    from: 'refunds',
    id: 'id',
  },
  events: {
    database: 'order',
    columns: 'order_id, id, type, actor_id',
    from: 'order_events',
    id: 'order_id',
  },
  books: {
    database: 'order',
    columns: 'payment_id, state, amount_minor',
    from: 'sandbox_payments',
    id: 'payment_id',
  },
  bookRefunds: {
    database: 'order',
    columns: 'id, payment_id, amount_minor',
    from: 'sandbox_refunds',
    id: 'payment_id',
  },
  orderOutbox: { database: 'order', columns: 'id, type, sent_at, attempts', from: 'outbox', id: 'id' },
  orderInbox: { database: 'order', columns: 'consumer, message_id', from: 'inbox', id: 'message_id' },
  userInbox: { database: 'user', columns: 'consumer, message_id', from: 'inbox', id: 'message_id' },
} as const satisfies Record<Exclude<keyof Rows, 'deadLetters'>, Table>

/** Reads everything that was stored since `sinceMs`, and keeps it in files in the folder. */
export async function dumpDatabases(
  target: Target,
  { folder, sinceMs }: { folder: string; sinceMs: number },
): Promise<void> {
  const connection = await createConnection({ uri: target.adminUrls.mysql, timezone: 'Z' })
  try {
    for (const [name, { database, columns, from, id }] of Object.entries(TABLES)) {
      const [rows] = await connection.query<RowDataPacket[]>(
        `select ${columns} from \`${target.databases[database]}\`.\`${from}\` where ${id} >= ?`,
        [firstIdSince(sinceMs)],
      )
      await writeRows(folder, name, rows.map(plainRow))
    }
  } finally {
    await connection.end()
  }
  await writeRows(folder, 'deadLetters', await readDeadLetters(target))
}

/** Ids begin with the time of their making (UUIDv7): the lowest that this time can give. */
function firstIdSince(sinceMs: number): Buffer {
  return Buffer.from(Math.floor(sinceMs).toString(16).padStart(12, '0').padEnd(32, '0'), 'hex')
}

async function writeRows(folder: string, name: string, rows: readonly object[]): Promise<void> {
  const lines = rows.map((row) => `${JSON.stringify(row)}\n`)
  await writeFile(join(folder, `rows-${name}.jsonl`), lines.join(''))
}

function plainRow(row: RowDataPacket): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
      plainValue(column, value),
    ]),
  )
}

function plainValue(column: string, value: unknown): unknown {
  if (value instanceof Date) return value.getTime()
  if (column === 'lines' && typeof value === 'string') return JSON.parse(value)
  if (!Buffer.isBuffer(value)) return value
  const hex = value.toString('hex')
  return value.length === 16 ? hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') : hex
}

/** Reads back what was dumped. */
export async function readRows(folder: string): Promise<Rows> {
  const names = [...Object.keys(TABLES), 'deadLetters']
  const tables = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, `rows-${name}.jsonl`), 'utf8')
      return [name, text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))]
    }),
  )
  // Written by `dumpDatabases`, column by column as TABLES has it.
  return Object.fromEntries(tables) as Rows
}
