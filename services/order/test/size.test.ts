import { describe, expect, test } from 'bun:test'
import { newId } from '@bazaar/shared/database/columns'
import { read } from '@bazaar/shared/database/database'
import { idempotencyKeys } from '@bazaar/shared/database/idempotency-keys'
import { forgetOld } from '@bazaar/shared/messaging/forget-old'
import { inbox } from '@bazaar/shared/messaging/inbox'
import { outbox } from '@bazaar/shared/messaging/outbox'
import { count, type SQL, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/mysql2'
import { listOrders } from '../src/orders/order-list-store.ts'
import { workPayments } from '../src/payment/work-payments.ts'
import { completeOrders } from '../src/placing/complete-orders.ts'
import { findPendingOrders } from '../src/placing/pending-store.ts'
import { listLeftAlone, listPlaced, listStockOut } from '../src/reconciling/reconcile-store.ts'
import { listSales } from '../src/sales/sale-store.ts'
import { numbered, rowsReadBy } from './counted.ts'
import { newSession, openWorld } from './world.ts'

/* What a step of background work and a page of a list read does not depend on how much there is in the tables. */

const MANY = 100_000
/** Old enough to be forgotten, and fewer than one batch. */
const OLD = 60
/** A page, its belongings, and what is around it in the index; a scan would read all. */
const ROWS_MAX = 1_000

const seller = newSession('SELLER')
const buyer = newSession()

const world = await openWorld()
await fill()

/** Runs a statement that takes longer than any of the service may. */
async function run(statement: SQL): Promise<void> {
  await drizzle({ client: world.database.pool }).execute(statement)
}

function bytesOf(id: string): SQL {
  return sql`unhex(${id.replaceAll('-', '')})`
}

/** Orders that are done, all of one buyer and one seller, and what else a busy service has kept. */
async function fill(): Promise<void> {
  const rows = numbered(MANY)
  const id = (kind: string) => sql`unhex(left(sha2(concat(${kind}, n), 256), 32))`
  const ago = sql`now(3) - interval 60 day - interval n second`
  await run(sql`insert into orders (id, buyer_id, status, currency, total_minor, ship_to, placed_key_hash, placed_at)
    select ${id('order')}, ${bytesOf(buyer.userId)}, 'DELIVERED', 'EUR', 500, '{}', unhex(sha2(n, 256)), ${ago} from ${rows}`)
  await run(sql`insert into order_parts (order_id, seller_id, status)
    select ${id('order')}, ${bytesOf(seller.userId)}, if(n <= 10, 'AWAITING_SHIPMENT', 'DELIVERED') from ${rows}`)
  await run(sql`insert into payments (id, order_id, type, status, amount_minor, currency, created_at)
    select ${id('payment')}, ${id('order')}, 'UPI', 'CAPTURED', 500, 'EUR', ${ago} from ${rows}`)
  await run(sql`insert into cancellations (id, order_id, reason, \`lines\`, cancelled_at, stock_restored_at)
    select ${id('cancellation')}, ${id('order')}, 'x', '[]', ${ago}, if(n <= 3, null, ${ago}) from ${rows}`)
  await run(sql`insert into refunds (id, payment_id, order_id, cancellation_id, amount_minor, status, created_at)
    select ${id('refund')}, ${id('payment')}, ${id('order')}, ${id('cancellation')}, 1, 'REFUNDED', ${ago} from ${rows}`)
  const recent = (days: number) => sql`now(3) - interval if(n <= ${OLD}, ${days}, 1) day`
  await run(sql`insert into idempotency_keys (owner_id, operation, key_hash, request_hash, claims, created_at)
    select ${id('owner')}, 'cancelOrder', unhex(sha2(n, 256)), unhex(sha2(n, 256)), 1, ${recent(4)} from ${rows}`)
  await run(sql`insert into outbox (id, type, payload, created_at, due_at, attempts, sent_at)
    select ${id('message')}, 'x', '{}', now(3), now(3), 1, ${recent(31)} from ${rows}`)
  await run(sql`insert into inbox (consumer, message_id, received_at)
    select 'x', ${id('message')}, ${recent(91)} from ${rows}`)
  for (const table of [
    'orders',
    'order_parts',
    'payments',
    'cancellations',
    'refunds',
    'idempotency_keys',
    'outbox',
    'inbox',
  ])
    await run(sql.raw(`analyze table ${table}`))
}

describe(`With ${MANY} rows in each table few are read by`, () => {
  const page = { afterId: undefined, most: 50 }
  const reads: [string, Parameters<typeof read<unknown>>[1], number][] = [
    [
      'listSales() of a state',
      (db) => listSales(db, { sellerId: seller.userId, status: 'AWAITING_SHIPMENT', most: 21 }),
      10,
    ],
    ['listSales() of all', (db) => listSales(db, { sellerId: seller.userId, most: 21 }), 21],
    [
      'listOrders() of a state',
      (db) => listOrders(db, { buyerId: buyer.userId, status: 'CONFIRMED', most: 21 }),
      0,
    ],
    ['listOrders() of all', (db) => listOrders(db, { buyerId: buyer.userId, most: 21 }), 21],
    ['listPlaced() of an hour', (db) => listPlaced(db, { hours: 1, after: undefined, most: 50 }), 0],
    ['listPlaced() of long', (db) => listPlaced(db, { hours: 90 * 24, after: undefined, most: 50 }), 50],
    ['listStockOut()', (db) => listStockOut(db, page), 3],
    ['listLeftAlone()', (db) => listLeftAlone(db, 50), 0],
  ]
  for (const [what, work, found] of reads)
    test(what, async () => {
      const entries = await read(world.database, work)
      expect(entries).toHaveLength(found)
      expect(await rowsReadBy(world, (deps) => read(deps.database, work))).toBeLessThan(ROWS_MAX)
    })

  test('completeOrders(), workPayments() and findPendingOrders()', async () => {
    expect(await rowsReadBy(world, completeOrders)).toBeLessThan(ROWS_MAX)
    expect(await rowsReadBy(world, workPayments)).toBeLessThan(ROWS_MAX)
    expect(await rowsReadBy(world, (deps) => findPendingOrders(deps.database))).toBeLessThan(ROWS_MAX)
  })
})

describe('forgetOld()', () => {
  const left = async () => {
    const [kept] = await read(world.database, (db) => db.select({ rows: count() }).from(idempotencyKeys))
    const [sent] = await read(world.database, (db) => db.select({ rows: count() }).from(outbox))
    const [received] = await read(world.database, (db) => db.select({ rows: count() }).from(inbox))
    return [kept?.rows, sent?.rows, received?.rows]
  }

  test('forgets the rest when one kind of what is old cannot be forgotten', async () => {
    await run(sql`rename table outbox to outbox_away`)
    try {
      await expect(forgetOld(world.database)).rejects.toThrow('Cannot forget old sent messages')
    } finally {
      await run(sql`rename table outbox_away to outbox`)
    }
    expect(await left()).toEqual([MANY - OLD, MANY, MANY - OLD])
  })

  test('reads little more than what it forgets', async () => {
    expect(await rowsReadBy(world, ({ database }) => forgetOld(database))).toBeLessThan(ROWS_MAX)
    expect(await left()).toEqual([MANY - OLD, MANY - OLD, MANY - OLD])
  })

  test('leaves everything that is not old', async () => {
    expect(await forgetOld(world.database)).toBe('done')
    expect(await left()).toEqual([MANY - OLD, MANY - OLD, MANY - OLD])
  })

  test('goes on batch by batch when very much is old', async () => {
    const old = 450
    await run(sql`insert into inbox (consumer, message_id, received_at)
      select 'old', unhex(left(sha2(concat(${newId()}, n), 256), 32)), now(3) - interval 100 day from ${numbered(old)}`)
    expect(await forgetOld(world.database)).toBe('done')
    expect(await left()).toEqual([MANY - OLD, MANY - OLD, MANY - OLD])
  })
})
