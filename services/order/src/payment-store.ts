import { newId } from '@bazaar/shared/columns'
import { type Connection, type Database, inTransaction, type Transaction } from '@bazaar/shared/database'
import { and, eq, lte, sql } from 'drizzle-orm'
import type { PaymentMethod, PaymentStatus } from './payment.ts'
import { payments, refunds } from './tables.ts'

/** A payment as it is stored. */
export type StoredPayment = typeof payments.$inferSelect

/** Stores a new attempt to pay an order. */
export async function insertPayment(
  tx: Transaction,
  order: { id: string; currency: string; amountMinor: number },
  method: PaymentMethod,
): Promise<void> {
  const { id: orderId, currency, amountMinor } = order
  await tx.insert(payments).values({
    id: newId(),
    orderId,
    currency,
    amountMinor,
    ...method,
    status: 'PENDING',
    createdAt: sql`now(3)`,
  })
}

/** Stores the state of a payment; `workDue` when the provider must be asked for something because of it. */
export async function savePayment(
  tx: Transaction,
  paymentId: string,
  change: { status?: PaymentStatus; workDue: boolean },
): Promise<void> {
  const { workDue, ...status } = change
  await tx
    .update(payments)
    .set({ ...status, workDueAt: workDue ? sql`now(3)` : null })
    .where(eq(payments.id, paymentId))
}

/** Stores that money is to be given back for a cancellation. */
export async function insertRefund(
  tx: Transaction,
  refund: { orderId: string; paymentId: string; cancellationId: string; amountMinor: number },
): Promise<void> {
  await tx.insert(refunds).values({ ...refund, id: newId(), status: 'PENDING', createdAt: sql`now(3)` })
}

/** Stores that the pending refunds of a payment, or one of them, are on their way. Answers how many that were. */
export async function saveRefunded(tx: Transaction, paymentId: string, refundId?: string): Promise<number> {
  const [changed] = await tx
    .update(refunds)
    .set({ status: 'REFUNDED', refundedAt: sql`now(3)` })
    .where(
      and(
        eq(refunds.paymentId, paymentId),
        eq(refunds.status, 'PENDING'),
        refundId === undefined ? undefined : eq(refunds.id, refundId),
      ),
    )
  return changed.affectedRows
}

/** How long one worker has for a payment before another may take it up, in seconds. */
const LEASE_SECONDS = 15

/** Takes up payments for which something is due; others leave them alone for the time of the lease. */
export async function claimDuePayments(
  database: Database,
  most: number,
): Promise<{ id: string; orderId: string }[]> {
  return inTransaction(database, async (tx) => {
    const due = await tx
      .select({ id: payments.id, orderId: payments.orderId })
      .from(payments)
      .where(lte(payments.workDueAt, sql`now(3)`))
      .limit(most)
      .for('update', { skipLocked: true })
    for (const { id } of due) await postponePayment(tx, id, LEASE_SECONDS)
    return due
  })
}

/** Leaves a payment alone for some seconds. */
async function postponePayment(connection: Connection, paymentId: string, seconds: number): Promise<void> {
  await connection
    .update(payments)
    .set({ workDueAt: sql`now(3) + interval ${seconds} second` })
    .where(eq(payments.id, paymentId))
}
