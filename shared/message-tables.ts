import { index, int, mysqlTable, primaryKey, varchar } from 'drizzle-orm/mysql-core'
import type { Message, MessageType } from './api/messages.ts'
import { instant, jsonText, uuid } from './columns.ts'

/**
 * Messages that a service owes to others, written in the transaction of what they announce. A row is kept
 * after it was sent, so that it can be sent again.
 */
export const outbox = mysqlTable(
  'outbox',
  {
    id: uuid('id').primaryKey(),
    type: varchar('type', { length: 64 }).notNull(),
    payload: jsonText<Message<MessageType>>('payload').notNull(),
    createdAt: instant('created_at').notNull(),
    /** No relay touches an unsent row before this: it is leased to one, or waits to be tried again. */
    dueAt: instant('due_at').notNull(),
    claimedBy: uuid('claimed_by'),
    attempts: int('attempts').notNull().default(0),
    sentAt: instant('sent_at'),
  },
  (table) => [index('outbox_sent_due').on(table.sentAt, table.dueAt)],
)

/** Which messages a consumer has handled, written in the transaction of their effect. */
export const inbox = mysqlTable(
  'inbox',
  {
    consumer: varchar('consumer', { length: 64 }).notNull(),
    messageId: uuid('message_id').notNull(),
    receivedAt: instant('received_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.consumer, table.messageId] }),
    index('inbox_received').on(table.receivedAt),
  ],
)
