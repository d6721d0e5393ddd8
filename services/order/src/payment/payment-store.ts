import { newId } from '@bazaar/shared/database/columns'
import type { Reader, Transaction } from '@bazaar/shared/database/database'
import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import { insertEvents } from '../orders/event-store.ts'
import type { OrderStatus } from '../orders/moves.ts'
import { orders, payments, refunds } from '../tables.ts'
import type { PaymentStatus } from './payment.ts'

/** A payment as it is stored. */
export type StoredPayment = typeof payments.$inferSelect

/** A payment with everything that decides which work is due on it. */
export type PaymentInHand = {
  payment: StoredPayment
  order: { status: OrderStatus }
  refundsPending: (typeof refunds.$inferSelect)[]
}

/**
 * A new attempt to pay an order. If its id sorts after all others, it is the latest attempt and the one that counts.
 */
export function newPayment(attempt: Omit<StoredPayment, 'status' | 'workDueAt'>): StoredPayment {
  const { id, orderId, type, amountMinor, currency, method, lastFour, createdAt } = attempt
  return {
    id,
    orderId,
    type,
    status: 'PENDING',
    amountMinor,
    currency,
    method,
    lastFour,
    createdAt,
    workDueAt: null,
  }
}

/** Stores new attempts to pay orders, which are locked or new. */
export async function insertPayments(tx: Transaction, attempts: readonly StoredPayment[]): Promise<void> {
  await tx.insert(payments).values([...attempts])
}

/** The state of a payment whose money is set aside, or promised as cash. */
export function promisedStatus(type: StoredPayment['type']): 'AUTHORISED' | 'DUE_ON_DELIVERY' {
  return type === 'CASH_ON_DELIVERY' ? 'DUE_ON_DELIVERY' : 'AUTHORISED'
}

/**
 * Stores of those payments that are still PENDING that their money is set aside, which makes its capture due, or that
 * cash was promised. Returns their number.
 */
export async function savePromised(tx: Transaction, paymentIds: readonly string[]): Promise<number> {
  const isCash = sql`${payments.type} = 'CASH_ON_DELIVERY'`
  const [changed] = await tx.execute(
    sql`update ${payments} force index (primary) set
      ${payments.workDueAt} = case when ${isCash} then null else now(3) end,
      ${payments.status} = case when ${isCash} then 'DUE_ON_DELIVERY' else 'AUTHORISED' end
      where ${and(inArray(payments.id, [...paymentIds]), eq(payments.status, 'PENDING'))}`,
  )
  return changed.affectedRows
}

/**
 * Stores the state of a payment of a locked order, and each change of state or amount in its history. `workDue`: the
 * provider must be asked for something because of it. Returns the payment as it is then.
 */
export async function savePayment(
  tx: Transaction,
  before: StoredPayment,
  change: { status?: PaymentStatus; amountMinor?: number; workDue: boolean },
): Promise<StoredPayment> {
  const { workDue, status = before.status, amountMinor = before.amountMinor } = change
  await tx
    .update(payments)
    .set({ status, amountMinor, workDueAt: workDue ? sql`now(3)` : null })
    .where(eq(payments.id, before.id))
  const after = { ...before, status, amountMinor }
  if (status === before.status && amountMinor === before.amountMinor) return after
  const event = { type: `PAYMENT_${status}`, actor: 'SYSTEM', detail: { amountMinor } } as const
  await insertEvents(tx, before.orderId, [event])
  return after
}

/** Stores that money is to be given back for a cancellation. */
export async function insertRefund(
  tx: Transaction,
  refund: { orderId: string; paymentId: string; cancellationId: string; amountMinor: number },
): Promise<void> {
  await tx.insert(refunds).values({ ...refund, id: newId(), status: 'PENDING', createdAt: sql`now(3)` })
}

/** Stores that a refund is on its way. False when that was already known. */
export async function saveRefunded(tx: Transaction, refundId: string): Promise<boolean> {
  const [changed] = await tx
    .update(refunds)
    .set({ status: 'REFUNDED', refundedAt: sql`now(3)` })
    .where(and(eq(refunds.id, refundId), eq(refunds.status, 'PENDING')))
  return changed.affectedRows === 1
}

/** Stores that a payment needs no refunds, because its money was never taken. */
export async function saveReleased(tx: Transaction, paymentId: string): Promise<void> {
  await tx
    .update(refunds)
    .set({ status: 'RELEASED' })
    .where(and(eq(refunds.paymentId, paymentId), eq(refunds.status, 'PENDING')))
}

/** At most this many refunds of one payment are handled in a row. */
const REFUNDS_AT_ONCE = 20

/** The payment with this id, and everything that decides which work is due on it. */
export async function findPayment(connection: Reader, paymentId: string): Promise<PaymentInHand | undefined> {
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
