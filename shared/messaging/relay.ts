import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm'
import { newId } from '../database/columns.ts'
import { type Database, read, repeatably } from '../database/database.ts'
import { hasCome } from '../database/due.ts'
import { within } from '../process/deadline.ts'
import { startWorker, type Worker } from '../process/worker.ts'
import type { Log } from '../telemetry/log.ts'
import { createOutageLog } from '../telemetry/outage-log.ts'
import type { Broker, Publication } from './broker.ts'
import { outbox } from './outbox.ts'

type Row = Pick<typeof outbox.$inferSelect, 'id' | 'type' | 'payload'>

const BATCH_MAX = 50
const POLL_INTERVAL_MS = 500
const LEASE_SECONDS = 10 // longer than publishing a batch can take; after it another relay takes over
const STOP_TIMEOUT_MS = 2_000

/**
 * Starts publishing a service's outbox. Wake it after the commit that put a message there. Each batch is leased in a
 * short transaction and published outside any transaction. Only messages that the broker confirmed to be in a queue
 * are marked sent; the rest is sent again later. So several relays may run, and one may die at any point: a message
 * is sent at least once and never lost.
 */
export function startRelay({
  database,
  broker,
  log,
  pollIntervalMs = POLL_INTERVAL_MS,
}: {
  database: Database
  broker: Broker
  log: Log
  pollIntervalMs?: number
}): Worker {
  const relayId = newId()
  const outage = createOutageLog(log, 'sending messages to their queues')
  const worker = startWorker({ name: 'outbox relay', log, everyMs: pollIntervalMs, round: sendBatch })

  async function sendBatch(): Promise<'more' | 'done'> {
    if (broker.problem()) return 'done'
    const { rows, isContended } = await leaseBatch(database, relayId)
    if (rows.length === 0) return isContended ? 'more' : 'done'
    // failpoint: relay.after-lease
    const outcomes = await broker.publish(rows.map((row) => publicationOf(row, broker)))
    // failpoint: relay.before-mark
    const sent: string[] = []
    const unsent: string[] = []
    for (const [index, { id }] of rows.entries()) (outcomes[index] === 'confirmed' ? sent : unsent).push(id)
    await settle(database, relayId, { sent, unsent })
    for (const { id, type } of rows) if (sent.includes(id)) broker.metrics?.messagesSent.inc(type)
    // failpoint: relay.after-mark
    if (unsent.length === 0) outage.worked()
    else outage.failed(new Error(`${unsent.length} messages were not put into a queue`))
    return isContended || (rows.length === BATCH_MAX && sent.length > 0) ? 'more' : 'done'
  }

  return {
    wake: worker.wake,
    async stop() {
      await within(STOP_TIMEOUT_MS, worker.stop(), 'a batch is still under way').catch((error: unknown) => {
        log.warn({ error }, 'relay stops with a batch under way; it will be sent again')
      })
    },
  }
}

/**
 * Takes the next messages for this relay alone. Messages that another relay took between the look and the lease are
 * left out, because the lease repeats the condition. It finds its rows by the primary key, as everything that locks
 * does.
 */
async function leaseBatch(
  database: Database,
  relayId: string,
): Promise<{ rows: Row[]; isContended: boolean }> {
  const isDue = and(isNull(outbox.sentAt), hasCome(outbox.dueAt))
  const { id, type, payload, dueAt } = outbox
  const due = await read(database, (connection) =>
    connection.select({ id, type, payload }).from(outbox).where(isDue).orderBy(asc(dueAt)).limit(BATCH_MAX),
  )
  if (due.length === 0) return { rows: [], isContended: false }
  const isOneOfThem = inArray(
    id,
    due.map((row) => row.id),
  )
  return repeatably(database, async (connection) => {
    const [leased] = await connection.execute(sql`
      update ${outbox} force index (primary)
      set ${outbox.claimedBy} = ${sql.param(relayId, outbox.claimedBy)},
        ${dueAt} = now(3) + interval ${LEASE_SECONDS} second, ${outbox.attempts} = ${outbox.attempts} + 1
      where ${and(isOneOfThem, isDue)}`)
    if ('affectedRows' in leased && leased.affectedRows === due.length)
      return { rows: due, isContended: false }
    const isOurs = and(isOneOfThem, eq(outbox.claimedBy, relayId), isNull(outbox.sentAt))
    const ours = new Set((await connection.select({ id }).from(outbox).where(isOurs)).map((row) => row.id))
    return { rows: due.filter((row) => ours.has(row.id)), isContended: true }
  })
}

/** Marks the messages that are safely in a queue; puts the rest off, for 0.5 s, 1 s ... 10 s. */
async function settle(
  database: Database,
  relayId: string,
  { sent, unsent }: { sent: string[]; unsent: string[] },
) {
  await repeatably(database, async (connection) => {
    if (sent.length > 0) {
      await connection
        .update(outbox)
        .set({ sentAt: sql`now(3)`, claimedBy: null })
        .where(inArray(outbox.id, sent))
    }
    if (unsent.length > 0) {
      await connection
        .update(outbox)
        .set({
          claimedBy: null,
          dueAt: sql`now(3) + interval least(10000, 250 * pow(2, least(${outbox.attempts}, 10))) * 1000 microsecond`,
        })
        .where(and(inArray(outbox.id, unsent), eq(outbox.claimedBy, relayId), isNull(outbox.sentAt)))
    }
  })
}

function publicationOf({ id, type, payload }: Row, broker: Broker): Publication {
  return {
    exchange: broker.exchanges.events,
    routingKey: type,
    messageId: id,
    type,
    contentType: 'application/cloudevents+json; charset=utf-8',
    content: Buffer.from(JSON.stringify(payload)),
    headers: payload.traceparent === undefined ? {} : { traceparent: payload.traceparent },
  }
}
