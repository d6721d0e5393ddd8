import { newId, newIdAfter } from '@bazaar/shared/database/columns'
import {
  type Connection,
  type Database,
  inTransaction,
  type Transaction,
} from '@bazaar/shared/database/database'
import { BY_PRIMARY_KEY, hasCome, listDue } from '@bazaar/shared/database/due'
import { and, asc, desc, eq, inArray, isNotNull, sql } from 'drizzle-orm'
import { insertEvent } from './event-store.ts'
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

/**
 * Stores the state of a payment of a locked order, and in its history each change of the state or the amount.
 * `workDue` when the provider must be asked for something because of it.
 */
export async function savePayment(
  tx: Transaction,
  before: StoredPayment,
  change: { status?: PaymentStatus; amountMinor?: number; workDue: boolean },
): Promise<void> {
  const { workDue, status = before.status, amountMinor = before.amountMinor } = change
  await tx
    .update(payments)
    .set({ status, amountMinor, workDueAt: workDue ? sql`now(3)` : null })
    .where(eq(payments.id, before.id))
  if (status === before.status && amountMinor === before.amountMinor) return
  await insertEvent(tx, before.orderId, {
    type: `PAYMENT_${status}`,
    actor: 'SYSTEM',
    detail: { amountMinor },
  })
}

/** Stores that money is to be given back for a cancellation. */
export async function insertRefund(
  tx: Transaction,
  refund: { orderId: string; paymentId: string; cancellationId: string; amountMinor: number },
): Promise<void> {
  await tx.insert(refunds).values({ ...refund, id: newId(), status: 'PENDING', createdAt: sql`now(3)` })
}

/** Stores that a refund is on its way. False when that was known. */
export async function saveRefunded(tx: Transaction, refundId: string): Promise<boolean> {
  const [changed] = await tx
    .update(refunds)
    .set({ status: 'REFUNDED', refundedAt: sql`now(3)` })
    .where(and(eq(refunds.id, refundId), eq(refunds.status, 'PENDING')))
  return changed.affectedRows === 1
}

/** Stores that nothing has to be given back for a payment, because its money was never taken. */
export async function saveReleased(tx: Transaction, paymentId: string): Promise<void> {
  await tx
    .update(refunds)
    .set({ status: 'RELEASED' })
    .where(and(eq(refunds.paymentId, paymentId), eq(refunds.status, 'PENDING')))
}

/** So many refunds of one payment are worked on in a row. */
const REFUNDS_AT_ONCE = 20

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
    .limit(REFUNDS_AT_ONCE)
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
    const where = hasCome(payments.workDueAt)
    const ids = await listDue(
      tx,
      { table: payments, id: payments.id, dueAt: payments.workDueAt, where },
      most,
    )
    if (ids.length === 0) return []
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
