import { and, asc, count, gte, isNull, lt, min, sql } from 'drizzle-orm'
import { index, int, mysqlTable, varchar } from 'drizzle-orm/mysql-core'
import type { Message, MessageData, MessageType } from '../api/messages.ts'
import { instant, jsonText, newId, uuid } from '../database/columns.ts'
import { type Database, inTransaction, read, type Transaction } from '../database/database.ts'
import { inSpan, noteInSpan, spanTraceparent } from '../telemetry/spans.ts'
import { currentTrace } from '../telemetry/trace.ts'
import { checkedMessage } from './message.ts'
import { createSpan } from './message-spans.ts'

/**
 * Messages that a service owes to others, written in the transaction of the change they announce. A row stays after
 * it was sent, so that it can be sent again.
 */
export const outbox = mysqlTable(
  'outbox',
  {
    id: uuid('id').primaryKey(),
    type: varchar('type', { length: 64 }).notNull(),
    payload: jsonText<Message<MessageType>>('payload').notNull(),
    createdAt: instant('created_at').notNull(),
    /** No relay touches an unsent row before this time: it is leased to one, or waits to be tried again. */
    dueAt: instant('due_at').notNull(),
    claimedBy: uuid('claimed_by'),
    attempts: int('attempts').notNull().default(0),
    sentAt: instant('sent_at'),
  },
  (table) => [index('outbox_sent_due').on(table.sentAt, table.dueAt)],
)

/** An announcement of a service: the service, the kind of message, its subject and its content. */
export type Announcement<Type extends MessageType> = {
  service: string
  type: Type
  subject: string
  data: MessageData<Type>
}

/** A message that is composed and not yet written into the outbox. */
export type Composed = Pick<typeof outbox.$inferSelect, 'id' | 'type' | 'payload'>

/**
 * Writes a message into the outbox, to be sent if and only if the transaction commits. The relay may be woken after
 * that. The message carries the trace of the request being handled.
 *
 * @returns the id of the event.
 * @throws {InvalidMessage} when it breaks its own schema, before anything is committed.
 */
export async function enqueue<Type extends MessageType>(
  tx: Transaction,
  announcement: Announcement<Type>,
): Promise<string> {
  return inSpan(
    () => createSpan(announcement.type),
    async () => {
      const message = composed(announcement)
      await insertMessages(tx, [message])
      return message.id
    },
  )
}

/**
 * Composes a message that is written later together with others, by `insertMessages`. It carries the trace of the
 * request being handled now.
 * @throws {InvalidMessage} when it breaks its own schema.
 */
export async function composeMessage<Type extends MessageType>(
  announcement: Announcement<Type>,
): Promise<Composed> {
  return inSpan(
    () => createSpan(announcement.type),
    async () => composed(announcement),
  )
}

/** Writes messages into the outbox, to be sent if and only if the transaction commits. */
export async function insertMessages(tx: Transaction, messages: readonly Composed[]): Promise<void> {
  const now = sql`now(3)`
  await tx.insert(outbox).values(messages.map((message) => ({ ...message, createdAt: now, dueAt: now })))
}

function composed<Type extends MessageType>({ service, type, subject, data }: Announcement<Type>): Composed {
  const id = newId()
  const traceparent = spanTraceparent() ?? currentTrace()?.traceparent
  noteInSpan(() => ({ attributes: { 'messaging.message.id': id } }))
  const payload = checkedMessage(type, {
    specversion: '1.0',
    id,
    source: `/bazaar/${service}`,
    type,
    subject,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    ...(traceparent ? { traceparent } : {}),
    data,
  })
  return { id, type, payload }
}

/** The number of unsent messages and the age of the oldest. Healthy: none older than 2 s. */
export async function outboxBacklog(
  database: Database,
): Promise<{ unsent: number; oldestAgeSeconds: number }> {
  const [row] = await read(database, (db) =>
    db
      .select({
        unsent: count(),
        oldestAgeSeconds:
          sql`coalesce(timestampdiff(microsecond, ${min(outbox.createdAt)}, now(3)) / 1e6, 0)`.mapWith(
            Number,
          ),
      })
      .from(outbox)
      .where(isNull(outbox.sentAt)),
  )
  return row ?? { unsent: 0, oldestAgeSeconds: 0 }
}

/**
 * Deletes up to `most` messages sent before `date`, the oldest first, and returns their number. A deleted message can
 * no longer be sent again if a broker loses its disk.
 */
export async function deleteSentBefore(database: Database, date: Date, most: number): Promise<number> {
  const [result] = await inTransaction(database, (tx) =>
    tx.delete(outbox).where(lt(outbox.sentAt, date)).orderBy(asc(outbox.sentAt)).limit(most),
  )
  return result.affectedRows
}

const RESEND_BATCH = 1_000

/**
 * Makes the relay send the messages of the last `days` (or part of a day) again, in small steps, after the broker has
 * lost what it had. The messages are the same, so a consumer that already handled one does nothing. Returns their
 * number.
 * @throws {Error} for no time, or more than is kept.
 */
export async function resendSince(database: Database, days: number): Promise<number> {
  if (!(days > 0 && days <= RESEND_DAYS_MAX))
    throw new Error(
      `Cannot send messages again: name a number of days up to ${RESEND_DAYS_MAX}, such as 0.04 for an hour`,
    )
  // Messages that the relay sends while this runs must not be sent a third time.
  const [begun] = await read(database, (db) =>
    db.select({ at: sql`now(3)`.mapWith(outbox.sentAt) }).from(sql`dual`),
  )
  if (!begun) throw new Error('the database does not know the time')
  const from = new Date(begun.at.getTime() - days * 24 * 3_600_000)
  let resent = 0
  for (;;) {
    const [result] = await inTransaction(database, (tx) =>
      tx
        .update(outbox)
        .set({ sentAt: null, dueAt: sql`now(3)`, claimedBy: null, attempts: 0 })
        .where(and(gte(outbox.sentAt, from), lt(outbox.sentAt, begun.at)))
        .orderBy(asc(outbox.sentAt))
        .limit(RESEND_BATCH),
    )
    resent += result.affectedRows
    if (result.affectedRows < RESEND_BATCH) return resent
  }
}

/** As long as sent messages are kept. */
const RESEND_DAYS_MAX = 30
