import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import { newId } from '../database/columns.ts'
import { type Database, inTransaction, repeatably } from '../database/database.ts'
import { BY_PRIMARY_KEY, hasCome, listDue } from '../database/due.ts'
import { createPause, within } from '../process/deadline.ts'
import type { Log } from '../telemetry/log.ts'
import { createOutageLog } from '../telemetry/outage-log.ts'
import type { Broker, Publication } from './broker.ts'
import { outbox } from './outbox.ts'

/** Sends what is in the outbox, for as long as the service runs. */
export type Relay = {
  /** Says that something new is in the outbox (after the commit), so that it is sent now and not at the next poll. */
  wake: () => void
  /** Sends no more; what is under way is finished, or sent again by the next relay. */
  stop: () => Promise<void>
}

type Row = Pick<typeof outbox.$inferSelect, 'id' | 'type' | 'payload'>

const BATCH_MAX = 50
const POLL_INTERVAL_MS = 500
const LEASE_SECONDS = 10 // longer than publishing a batch can take; after it another relay takes over
const STOP_TIMEOUT_MS = 2_000

/**
 * Starts to publish the outbox of a service. Each batch is leased in a short transaction, published outside of
 * any, and only what the broker confirmed to have in a queue is marked sent; the rest comes again later. So
 * several relays may run, and one may die at any point: a message is sent at least once, never lost.
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
}): Relay {
  const relayId = newId()
  const outage = createOutageLog(log, 'outbox relay')
  const pause = createPause()
  let stopping = false
  const finished = relayUntilStopped()

  async function relayUntilStopped(): Promise<void> {
    while (!stopping) {
      const goOn = await sendBatch().catch((error: unknown) => {
        outage.failed(error)
        return false
      })
      if (!goOn && !stopping) await pause.wait(pollIntervalMs)
    }
  }

  /** Whether there may be more that can be sent now. */
  async function sendBatch(): Promise<boolean> {
    if (broker.problem()) return false
    const rows = await leaseBatch(database, relayId)
    if (rows.length === 0) return false
    // failpoint: relay.after-lease
    const outcomes = await broker.publish(rows.map((row) => publicationOf(row, broker)))
    // failpoint: relay.before-mark
    const sent: string[] = []
    const unsent: string[] = []
    for (const [index, { id }] of rows.entries()) (outcomes[index] === 'confirmed' ? sent : unsent).push(id)
    await settle(database, relayId, { sent, unsent })
    // failpoint: relay.after-mark
    if (unsent.length === 0) outage.worked()
    else outage.failed(new Error(`${unsent.length} messages were not put into a queue`))
    return rows.length === BATCH_MAX && sent.length > 0
  }

  return {
    wake: pause.end,
    async stop() {
      stopping = true
      pause.end()
      await within(STOP_TIMEOUT_MS, finished, 'a batch is still under way').catch((error: unknown) => {
        log.warn({ error }, 'relay stops with a batch under way; it will be sent again')
      })
    },
  }
}

/** Takes the next messages for this relay alone. Rows that another relay is just taking are passed over. */
async function leaseBatch(database: Database, relayId: string): Promise<Row[]> {
  const where = and(isNull(outbox.sentAt), hasCome(outbox.dueAt))
  const { id, dueAt } = outbox
  const due = await listDue(database, { table: outbox, id, dueAt, where }, BATCH_MAX)
  if (due.length === 0) return []
  return await inTransaction(database, async (tx) => {
    const rows = await tx
      .select({ id: outbox.id, type: outbox.type, payload: outbox.payload })
      .from(outbox, BY_PRIMARY_KEY)
      .where(and(inArray(outbox.id, due), where))
      .limit(BATCH_MAX)
      .for('update', { skipLocked: true })
    if (rows.length === 0) return rows
    await tx
      .update(outbox)
      .set({
        claimedBy: relayId,
        dueAt: sql`now(3) + interval ${LEASE_SECONDS} second`,
        attempts: sql`${outbox.attempts} + 1`,
      })
      .where(
        inArray(
          outbox.id,
          rows.map((row) => row.id),
        ),
      )
    return rows
  })
}

/** Marks what is safely in a queue; gives back the rest, to be tried after 0.5 s, 1 s ... 10 s. */
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
