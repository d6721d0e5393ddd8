import { setTimeout as delay } from 'node:timers/promises'
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise'
import type { Target } from '../cluster/target.ts'
import { type History, nowMs } from './history.ts'

/** Looks into the databases while the faults are on. */
export type Watch = { stop: () => Promise<void> }

/** How often the levels and the latest of the ledger are read. */
const QUICK_MS = 200
/** The reads over all rows grow with the run; they may take this share of the time. The quick ones stay quick. */
const SHARE_MAX = { quick: 1, all: 0.04 }

/**
 * Watches what must be true at every instant, in one snapshot of one database at a time and past all proxies:
 * often by the levels and the end of the ledger, and as often as is cheap over all rows. Each read is a line of
 * the history, `ok` or `fail` with what was wrong, or `info` when the database could not be read.
 */
export function startWatch(target: Target, history: History): Watch {
  let stopping = false
  const { inventory, order } = target.databases
  const watches = [
    keepReading({ f: 'bank-quick', questions: quickQuestions(inventory), everyMs: QUICK_MS, over: 'quick' }),
    keepReading({ f: 'bank', questions: bankQuestions(inventory), everyMs: QUICK_MS, over: 'all' }),
    keepReading({ f: 'order-states', questions: orderQuestions(order), everyMs: 5 * QUICK_MS, over: 'all' }),
  ]

  async function keepReading({ f, questions, everyMs, over }: Reading): Promise<void> {
    let connection: Connection | undefined
    for (let number = 1; !stopping; number++) {
      const startedAt = nowMs()
      const entry = { process: 'watch', f, key: `${f}-${number}` }
      try {
        connection ??= await connect(target)
        const wrong = await readSnapshot(connection, questions)
        history.add({ ...entry, type: wrong.length === 0 ? 'ok' : 'fail', value: wrong })
      } catch (error) {
        // Killed or stopped: there is nothing to be read, and the next one has to connect anew.
        history.add({ ...entry, type: 'info', value: error instanceof Error ? error.message : '' })
        connection?.destroy()
        connection = undefined
      }
      const tookMs = nowMs() - startedAt
      await delay(Math.max(everyMs - tookMs, tookMs / SHARE_MAX[over] - tookMs, 0))
    }
    await connection?.end()
  }

  return {
    async stop() {
      stopping = true
      await Promise.all(watches)
    },
  }
}

/** Questions by the invariant that they ask for; whatever one answers with breaks it. */
type Reading = {
  f: string
  questions: Record<string, string>
  everyMs: number
  over: keyof typeof SHARE_MAX
}

async function connect(target: Target): Promise<Connection> {
  const connection = await createConnection({ uri: target.adminUrls.mysql, connectTimeout: 1_000 })
  connection.on('error', () => undefined)
  await connection.query('set session transaction isolation level repeatable read')
  return connection
}

async function readSnapshot(connection: Connection, questions: Reading['questions']): Promise<object[]> {
  await connection.query('start transaction with consistent snapshot')
  const wrong: object[] = []
  for (const [invariant, question] of Object.entries(questions)) {
    const [rows] = await connection.query<RowDataPacket[]>({ sql: `${question} limit 5`, timeout: 20_000 })
    for (const row of rows) wrong.push({ invariant, ...row })
  }
  await connection.query('commit')
  return wrong
}

function quickQuestions(inventory: string): Record<string, string> {
  return {
    I2: `select hex(product_id) as product, stock_count from ${inventory}.stock where stock_count < 0`,
    I3: `select hex(s.product_id) as product, s.stock_count, m.stock_after from ${inventory}.stock s
      left join ${inventory}.stock_movements m on m.product_id = s.product_id and m.sequence = s.last_sequence
      where m.stock_after is null or m.stock_after <> s.stock_count`,
  }
}

function bankQuestions(inventory: string): Record<string, string> {
  return {
    I1: `select hex(s.product_id) as product, s.stock_count, coalesce(live.units, 0) as live, put_in.units as put_in
      from ${inventory}.stock s
      left join (
        select l.product_id, sum(l.quantity - l.released_quantity) as units from ${inventory}.reservation_lines l
        join ${inventory}.reservations r on r.order_id = l.order_id where r.status in ('HELD', 'CONFIRMED')
        group by l.product_id
      ) live on live.product_id = s.product_id
      left join (
        select product_id, sum(delta) as units from ${inventory}.stock_movements
        where reason in ('INITIAL', 'RESTOCK', 'CORRECTION', 'LOSS') group by product_id
      ) put_in on put_in.product_id = s.product_id
      where put_in.units is null or s.stock_count + coalesce(live.units, 0) <> put_in.units`,
    I3: `select hex(s.product_id) as product, s.stock_count, s.last_sequence, m.units, m.movements
      from ${inventory}.stock s
      left join (
        select product_id, sum(delta) as units, count(*) as movements from ${inventory}.stock_movements
        group by product_id
      ) m on m.product_id = s.product_id
      where m.units is null or m.units <> s.stock_count or m.movements <> s.last_sequence`,
    I7: `select hex(r.source_id) as source, count(*) as times from ${inventory}.stock_movements r
      where r.reason in ('RELEASED', 'EXPIRED') group by r.source_id, r.product_id having count(*) > 1`,
    I11: `select hex(r.order_id) as order_id from ${inventory}.reservations r
      left join ${inventory}.reservation_lines l on l.order_id = r.order_id
      where r.status in ('HELD', 'CONFIRMED') and l.order_id is null`,
  }
}

function orderQuestions(order: string): Record<string, string> {
  return {
    I9: `select hex(order_id) as order_id from ${order}.order_events where type in ('CANCELLED', 'SHIPPED', 'REJECTED')
      group by order_id having count(distinct type) > 1`,
    I12: `select hex(o.id) as order_id, o.total_minor, l.total from ${order}.orders o
      left join (
        select order_id, sum(quantity * unit_price_minor) as total from ${order}.order_lines group by order_id
      ) l on l.order_id = o.id
      where l.total is null or l.total <> o.total_minor`,
  }
}
