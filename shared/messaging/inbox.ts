import { asc, lt, sql } from 'drizzle-orm'
import { index, mysqlTable, primaryKey, varchar } from 'drizzle-orm/mysql-core'
import { instant, uuid } from '../database/columns.ts'
import { type Database, inTransaction, type Transaction } from '../database/database.ts'

/** The messages that a consumer has handled, written in the transaction of their effect. */
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

/**
 * Records that `consumer` handles the message now. Call it in the transaction of the effect, before the effect. False
 * when the message was handled before, so there is nothing to do. Two calls at once wait for each other here, because
 * the insert itself decides (looking first and then inserting would deadlock two new messages).
 */
export async function claimMessage(
  tx: Transaction,
  { consumer, messageId }: { consumer: string; messageId: string },
): Promise<boolean> {
  const [result] = await tx.insert(inbox).ignore().values({ consumer, messageId, receivedAt: sql`now(3)` })
  return result.affectedRows === 1
}

/**
 * Forgets up to `most` messages handled before `date`, the oldest first, and returns their number. The date must be
 * longer ago than any message can take to arrive again.
 */
export async function deleteReceivedBefore(database: Database, date: Date, most: number): Promise<number> {
  const [result] = await inTransaction(database, (tx) =>
    tx.delete(inbox).where(lt(inbox.receivedAt, date)).orderBy(asc(inbox.receivedAt)).limit(most),
  )
  return result.affectedRows
}
