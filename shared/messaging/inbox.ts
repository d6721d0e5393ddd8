import { asc, lt, sql } from 'drizzle-orm'
import { index, mysqlTable, primaryKey, varchar } from 'drizzle-orm/mysql-core'
import { instant, uuid } from '../database/columns.ts'
import { type Database, inTransaction, type Transaction } from '../database/database.ts'

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

/**
 * Notes that `consumer` handles the message now; to be called in the transaction of the effect, before it.
 * False when it was handled before: then there is nothing to do. Two at once wait for each other here, for the
 * insert itself decides (looking first and inserting then would deadlock two strangers).
 */
export async function claimMessage(
  tx: Transaction,
  { consumer, messageId }: { consumer: string; messageId: string },
): Promise<boolean> {
  const [result] = await tx.insert(inbox).ignore().values({ consumer, messageId, receivedAt: sql`now(3)` })
  return result.affectedRows === 1
}

/**
 * Forgets up to `most` of what was handled before `date`, the oldest first, and answers how many they were. It must be
 * longer ago than any message can still come again.
 */
export async function deleteReceivedBefore(database: Database, date: Date, most: number): Promise<number> {
  const [result] = await inTransaction(database, (tx) =>
    tx.delete(inbox).where(lt(inbox.receivedAt, date)).orderBy(asc(inbox.receivedAt)).limit(most),
  )
  return result.affectedRows
}
