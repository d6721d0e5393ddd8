import { newId } from '@bazaar/shared/database/columns'
import type { Transaction } from '@bazaar/shared/database/database'
import { and, eq, inArray, sql } from 'drizzle-orm'
import { insertEvents } from '../orders/event-store.ts'
import { payments, refunds } from '../tables.ts'
import type { PaymentStatus } from './payment.ts'

/** A payment as it is stored. */
export type StoredPayment = typeof payments.$inferSelect

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
