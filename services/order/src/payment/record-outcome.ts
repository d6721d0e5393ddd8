import { type Database, inTransaction } from '@bazaar/shared/database/database'
import { gatherOn, type Patience } from '@bazaar/shared/process/gather'
import type { Deps } from '../deps.ts'
import { holdOrders } from '../orders/order-store.ts'
import { type PaymentStatus, paymentWork } from './payment.ts'
import type { StoredPayment } from './payment-store.ts'
import { findPayments, type PaymentOutcome, saveOutcomes } from './payment-work-store.ts'

/** What the provider said of a payment; nothing when it was not asked to move the whole of it. */
type Answered = { payment: Pick<StoredPayment, 'id' | 'orderId'>; outcome: 'captured' | 'voided' | undefined }

const RECORDED = { captured: 'CAPTURED', voided: 'VOIDED' } as const satisfies Record<string, PaymentStatus>

/**
 * Stores the provider's answer, together with those about other payments, and whether more is due because the order
 * changed in the meantime.
 */
export async function recordOutcome(
  deps: Deps,
  payment: StoredPayment,
  outcome: 'captured' | 'voided' | undefined,
): Promise<void> {
  // failpoint: work-payments.after-provider
  const before = await recordTogether(deps.database, { payment, outcome })
  const isCaptured = before.status === 'CAPTURED' && before.payment.status !== 'CAPTURED'
  if (isCaptured) {
    deps.metrics.captured.inc()
    deps.metrics.capturedMinor.add(payment.currency, before.payment.amountMinor)
  }
  if (before.workDue) deps.wake.payments()
}

const recordTogether = gatherOn(recordOutcomes, { of: 'database', batchMax: 64, waitingMax: 512, atOnce: 2 })

async function recordOutcomes(
  database: Database,
  all: Answered[],
  patience: Patience,
): Promise<PaymentOutcome[]> {
  return inTransaction(
    database,
    async (tx) => {
      await holdOrders(
        tx,
        all.map(({ payment }) => payment.orderId),
      )
      const present = await findPayments(
        tx,
        all.map(({ payment }) => payment.id),
      )
      const outcomes = all.map(({ outcome }, index): PaymentOutcome => {
        const found = present[index]
        if (!found) throw new Error('a payment without an order')
        const status = outcome ? RECORDED[outcome] : found.payment.status
        const givesBack = status !== 'VOIDED' && found.refundIsDue
        return { ...found, status, workDue: paymentWork({ status }, found.order, givesBack) !== 'none' }
      })
      await saveOutcomes(tx, outcomes)
      return outcomes
    },
    patience,
  )
}
