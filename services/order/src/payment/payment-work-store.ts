import type { Reader, Transaction } from '@bazaar/shared/database/database'
import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import { insertEventsOfMany } from '../orders/event-store.ts'
import type { OrderStatus } from '../orders/moves.ts'
import { orderEvents, orders, payments, refunds } from '../tables.ts'
import type { PaymentStatus } from './payment.ts'
import type { StoredPayment } from './payment-store.ts'

/** A payment with everything that decides which work is due on it. */
export type PaymentInHand = {
  payment: StoredPayment
  order: { status: OrderStatus }
  /** Whether money is to be given back for a cancellation. */
  refundIsDue: boolean
  /** The id of the latest entry in the timeline of its order. */
  lastEventId: string | null
}

type PendingRefund = typeof refunds.$inferSelect

/** What the provider must be asked for next has been found out: how a payment stands now. */
export type PaymentOutcome = PaymentInHand & { status: PaymentStatus; workDue: boolean }

/** The payments with these ids, in their order, and everything that decides which work is due on them. */
export async function findPayments(
  connection: Reader,
  paymentIds: readonly string[],
): Promise<(PaymentInHand | undefined)[]> {
  const found = await connection
    .select({
      payment: payments,
      order: { status: orders.status },
      refundIsDue: sql`exists (select 1 from ${refunds}
        where ${refunds.paymentId} = ${payments.id} and ${refunds.status} = 'PENDING')`
        .mapWith(Boolean)
        .as('refund_is_due'),
      lastEventId: sql<string | null>`(select ${orderEvents.id} from ${orderEvents}
        where ${orderEvents.orderId} = ${payments.orderId} order by ${orderEvents.id} desc limit 1)`
        .mapWith(orderEvents.id)
        .as('last_event_id'),
    })
    .from(payments)
    .innerJoin(orders, eq(orders.id, payments.orderId))
    .where(inArray(payments.id, [...paymentIds]))
  return paymentIds.map((id) => found.find(({ payment }) => payment.id === id))
}

/** At most this many refunds of one payment are handled in a row. */
const REFUNDS_AT_ONCE = 20

/** The oldest refunds of a payment that the provider has not been asked for yet. */
export async function listPendingRefunds(connection: Reader, paymentId: string): Promise<PendingRefund[]> {
  return connection
    .select()
    .from(refunds)
    .where(and(eq(refunds.paymentId, paymentId), eq(refunds.status, 'PENDING')))
    .orderBy(asc(refunds.id))
    .limit(REFUNDS_AT_ONCE)
}

/** Stores that a refund is on its way. False when that was already known. */
export async function saveRefunded(tx: Transaction, refundId: string): Promise<boolean> {
  const [changed] = await tx
    .update(refunds)
    .set({ status: 'REFUNDED', refundedAt: sql`now(3)` })
    .where(and(eq(refunds.id, refundId), eq(refunds.status, 'PENDING')))
  return changed.affectedRows === 1
}

/** Stores that payments need no refunds, because their money was never taken. */
async function saveReleased(tx: Transaction, paymentIds: readonly string[]): Promise<void> {
  await tx
    .update(refunds)
    .set({ status: 'RELEASED' })
    .where(and(inArray(refunds.paymentId, [...paymentIds]), eq(refunds.status, 'PENDING')))
}

/** Stores how payments of locked orders stand now, and each change of state in the history of its order. */
export async function saveOutcomes(tx: Transaction, outcomes: readonly PaymentOutcome[]): Promise<void> {
  const voided = outcomes.filter(({ status }) => status === 'VOIDED').map(({ payment }) => payment.id)
  if (voided.length > 0) await saveReleased(tx, voided)
  for (const alike of Map.groupBy(outcomes, ({ status, workDue }) => `${status} ${workDue}`).values()) {
    const [{ status, workDue } = { status: undefined, workDue: false }] = alike
    const ids = alike.map(({ payment }) => payment.id)
    await tx
      .update(payments)
      .set({ status, workDueAt: workDue ? sql`now(3)` : null })
      .where(inArray(payments.id, ids))
  }
  const changed = outcomes.filter(({ payment, status }) => payment.status !== status)
  if (changed.length === 0) return
  await insertEventsOfMany(
    tx,
    changed.map(({ payment: { orderId, amountMinor }, status, lastEventId }) => ({
      orderId,
      entries: [{ type: `PAYMENT_${status}`, actor: 'SYSTEM', detail: { amountMinor } }],
      last: lastEventId,
    })),
  )
}
