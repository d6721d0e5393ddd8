import { type Connection, type Database, inTransaction } from '@bazaar/shared/database/database'
import { BY_PRIMARY_KEY, hasCome, listDue } from '@bazaar/shared/database/due'
import { and, eq, inArray, isNotNull, sql } from 'drizzle-orm'
import { payments } from '../tables.ts'

/** Releases a payment that could not be moved on: it is due again, after those that have waited longer. */
export async function saveStillDue(connection: Connection, paymentId: string): Promise<void> {
  await connection
    .update(payments)
    .set({ workDueAt: sql`now(3)` })
    .where(and(eq(payments.id, paymentId), isNotNull(payments.workDueAt)))
}

/** The seconds that one worker has for a payment before another may take it up. */
const LEASE_SECONDS = 15

/** Takes up payments with work due; others leave them alone until the lease ends. */
export async function claimDuePayments(
  database: Database,
  most: number,
): Promise<{ id: string; orderId: string }[]> {
  const { id, workDueAt: dueAt } = payments
  const where = hasCome(dueAt)
  const ids = await listDue(database, { table: payments, id, dueAt, where }, most)
  if (ids.length === 0) return []
  return inTransaction(database, async (tx) => {
    const due = await tx
      .select({ id: payments.id, orderId: payments.orderId })
      .from(payments, BY_PRIMARY_KEY)
      .where(and(inArray(payments.id, ids), where))
      .limit(most)
      .for('update', { skipLocked: true })
    if (due.length === 0) return []
    const taken = due.map(({ id }) => id)
    await tx
      .update(payments)
      .set({ workDueAt: sql`now(3) + interval ${LEASE_SECONDS} second` })
      .where(inArray(payments.id, taken))
    return due
  })
}
