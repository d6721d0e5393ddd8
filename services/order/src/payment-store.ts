import { newId, newIdAfter } from '@bazaar/shared/columns'
import { type Connection, type Database, inTransaction, type Transaction } from '@bazaar/shared/database'
import { hasCome } from '@bazaar/shared/due'
import { and, asc, desc, eq, inArray, isNotNull, sql } from 'drizzle-orm'
import type { OrderStatus } from './order.ts'
import type { PaymentMethod, PaymentStatus } from './payment.ts'
import { orders, payments, refunds } from './tables.ts'

/** A payment as it is stored. */
export type StoredPayment = typeof payments.$inferSelect

/** A payment with all that decides what is due in it. */
export type PaymentInHand = {
  payment: StoredPayment
  order: { status: OrderStatus }
  refundsPending: (typeof refunds.$inferSelect)[]
}

/** Stores a new attempt to pay an order, which is locked or new: it is the latest, and the one that counts. */
export async function insertPayment(
  tx: Transaction,
  order: { id: string; currency: string; amountMinor: number },
  method: PaymentMethod,
): Promise<void> {
  const { id: orderId, currency, amountMinor } = order
  const [last] = await tx
    .select({ id: payments.id })
    .from(payments)
    .where(eq(payments.orderId, orderId))
    .orderBy(desc(payments.id))
    .limit(1)
  await tx.insert(payments).values({
    id: newIdAfter(last?.id),
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

/** The payment with this id and what decides what is due in it. */
export async function findPayment(
  connection: Connection,
  paymentId: string,
): Promise<PaymentInHand | undefined> {
  const [found] = await connection
    .select({ payment: payments, order: { status: orders.status } })
    .from(payments)
    .innerJoin(orders, eq(orders.id, payments.orderId))
    .where(eq(payments.id, paymentId))
  if (!found) return undefined
  const refundsPending = await connection
    .select()
    .from(refunds)
    .where(and(eq(refunds.paymentId, paymentId), eq(refunds.status, 'PENDING')))
    .orderBy(asc(refunds.id))
  return { ...found, refundsPending }
}

/** Gives a payment back that could not be brought on: it is due again, after those that wait longer. */
export async function saveStillDue(connection: Connection, paymentId: string): Promise<void> {
  await connection
    .update(payments)
    .set({ workDueAt: sql`now(3)` })
    .where(and(eq(payments.id, paymentId), isNotNull(payments.workDueAt)))
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
      .where(hasCome(payments.workDueAt))
      .orderBy(asc(payments.workDueAt))
      .limit(most)
      .for('update', { skipLocked: true })
    const ids = due.map(({ id }) => id)
    if (ids.length > 0)
      await tx
        .update(payments)
        .set({ workDueAt: sql`now(3) + interval ${LEASE_SECONDS} second` })
        .where(inArray(payments.id, ids))
    return due
  })
}
