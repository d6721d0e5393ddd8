import { setTimeout as delay } from 'node:timers/promises'
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise'
import type { Target } from './cluster/target.ts'
import type { History } from './history/history.ts'
import { countWaiting } from './history/queues.ts'

const POLL_MS = 500

/** What is not done yet, by what it is; nothing when all is at rest. */
export type Undone = Record<string, number>

/**
 * Waits until nothing is on its way any more: every order settled, every payment worked off, every message
 * sent, handled and answered. Written into the history: `ok`, or `fail` with what was still undone when the
 * patience was over, in which nothing more got done.
 */
export async function awaitRest(
  target: Target,
  { history, patienceMs }: { history: History; patienceMs: number },
): Promise<Undone> {
  const entry = { process: 'rest', f: 'drain', key: 'drain' }
  history.add({ ...entry, type: 'invoke', value: { patienceMs } })
  let deadline = Date.now() + patienceMs
  let least = Number.POSITIVE_INFINITY
  for (;;) {
    const undone = await findUndone(target)
    const left = Object.values(undone).reduce((sum, count) => sum + count, 0)
    if (left < least) deadline = Date.now() + patienceMs
    least = Math.min(least, left)
    if (Object.keys(undone).length === 0 || Date.now() > deadline) {
      history.add({ ...entry, type: Object.keys(undone).length === 0 ? 'ok' : 'fail', value: undone })
      return undone
    }
    await delay(POLL_MS)
  }
}

/** What is to be counted in which database; zero of each is rest. */
function questions({ inventory, order }: Target['databases']): Record<string, string> {
  const count = (rows: string) => `select count(*) as count from ${rows}`
  return {
    'orders that are pending': count(`${order}.orders where status = 'PENDING'`),
    // Their buyers have cancelled them; one whose cancellation got lost ends by itself.
    'orders that await payment': count(`${order}.orders where status = 'AWAITING_PAYMENT'`),
    'payments with work due': count(`${order}.payments where work_due_at is not null`),
    'refunds that are pending': count(`${order}.refunds where status = 'PENDING'`),
    'cancellations whose stock is not known to be back': count(
      `${order}.cancellations where stock_restored_at is null`,
    ),
    'messages of order that are unsent': count(`${order}.outbox where sent_at is null`),
    'messages of inventory that are unsent': count(`${inventory}.outbox where sent_at is null`),
    'reservations whose time is over': count(
      `${inventory}.reservations where status = 'HELD' and expires_at <= utc_timestamp(3)`,
    ),
  }
}

async function findUndone(target: Target): Promise<Undone> {
  const undone: Undone = {}
  const connection = await createConnection(target.adminUrls.mysql)
  try {
    for (const [what, question] of Object.entries(questions(target.databases))) {
      const count = await countRows(connection, question)
      if (count > 0) undone[what] = count
    }
  } finally {
    await connection.end()
  }
  for (const [queue, waiting] of Object.entries(await countWaiting(target)))
    if (waiting > 0) undone[`messages in ${queue}`] = waiting
  return undone
}

async function countRows(connection: Connection, question: string): Promise<number> {
  const [rows] = await connection.query<RowDataPacket[]>(question)
  return Number(rows[0]?.['count'])
}
