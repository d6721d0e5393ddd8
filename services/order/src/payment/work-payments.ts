import { inTransaction, read, repeatably } from '@bazaar/shared/database/database'
import { asWork } from '@bazaar/shared/telemetry/spans'
import type { Deps } from '../deps.ts'
import { insertEvents } from '../orders/event-store.ts'
import { holdOrder } from '../orders/order-store.ts'
import { claimDuePayments, saveStillDue } from './due-payment-store.ts'
import { type PaymentStatus, paymentWork } from './payment.ts'
import { findPayment, type StoredPayment, savePayment, saveRefunded, saveReleased } from './payment-store.ts'

/** The number of payments that one round takes up. */
const AT_ONCE = 20

/**
 * Asks the payment provider for everything that is due: captures authorised payments, voids those of failed orders,
 * refunds cancellations. Every call to the provider can be repeated under its own id, so a round that broke off is
 * simply done again.
 */
export async function workPayments(deps: Deps): Promise<'more' | 'done'> {
  const due = await claimDuePayments(deps.database, AT_ONCE)
  const worked = await Promise.all(due.map((payment) => tryToWork(deps, payment)))
  return due.length === AT_ONCE && worked.includes(true) ? 'more' : 'done'
}

/** Whether a payment could be moved on; if not, it is due again in the next round. */
async function tryToWork(deps: Deps, { id, orderId }: { id: string; orderId: string }): Promise<boolean> {
  try {
    await asWork('work payment', () => work(deps, id))
    return true
  } catch (error) {
    deps.log.warn({ error, orderId, paymentId: id }, 'a payment cannot be moved on yet')
    await repeatably(deps.database, (connection) => saveStillDue(connection, id)).catch((cause: unknown) =>
      deps.log.warn({ error: cause, paymentId: id }, 'a payment is due again only when its lease runs out'),
    )
    return false
  }
}

async function work(deps: Deps, paymentId: string): Promise<void> {
  const inHand = await read(deps.database, (connection) => findPayment(connection, paymentId))
  if (!inHand) throw new Error('a payment without an order')
  const { payment, order, refundsPending } = inHand
  const charge = { ...payment, paymentId }

  switch (paymentWork(payment, order, refundsPending.length > 0)) {
    case 'capture':
      return record(deps, payment, await deps.provider.capture(charge))
    case 'void':
      return record(deps, payment, await deps.provider.void(charge))
    case 'refund':
      for (const refund of refundsPending) {
        await deps.provider.refund(charge, refund)
        const isNew = await inTransaction(deps.database, async (tx) => {
          await holdOrder(tx, payment.orderId)
          if (!(await saveRefunded(tx, refund.id))) return false
          const detail = { amountMinor: refund.amountMinor }
          await insertEvents(tx, payment.orderId, [{ type: 'REFUNDED', actor: 'SYSTEM', detail }])
          return true
        })
        if (isNew) countRefund(deps, payment, refund)
      }
      return record(deps, payment, undefined)
    case 'none':
      return record(deps, payment, undefined)
  }
}

const RECORDED = { captured: 'CAPTURED', voided: 'VOIDED' } as const satisfies Record<string, PaymentStatus>

/** Stores the provider's answer, and whether more is due because the order changed in the meantime. */
async function record(
  deps: Deps,
  { id: paymentId, orderId }: StoredPayment,
  outcome: 'captured' | 'voided' | undefined,
): Promise<void> {
  // failpoint: work-payments.after-provider
  const { more, captured } = await inTransaction(deps.database, async (tx) => {
    await holdOrder(tx, orderId)
    const present = await findPayment(tx, paymentId)
    if (!present) throw new Error('a payment without an order')
    const { payment, order, refundsPending } = present
    const status = outcome ? RECORDED[outcome] : payment.status
    if (status === 'VOIDED') await saveReleased(tx, paymentId)
    const givesBack = status !== 'VOIDED' && refundsPending.length > 0
    const workDue = paymentWork({ status }, order, givesBack) !== 'none'
    await savePayment(tx, payment, { status, workDue })
    const isNew = status === 'CAPTURED' && payment.status !== 'CAPTURED'
    return { more: workDue, captured: isNew ? payment : undefined }
  })
  if (captured) countCapture(deps, captured)
  if (more) deps.wake.payments()
}

function countCapture({ metrics }: Deps, { currency, amountMinor }: StoredPayment): void {
  metrics.captured.inc()
  metrics.capturedMinor.add(currency, amountMinor)
}

function countRefund(
  { metrics }: Deps,
  { currency }: StoredPayment,
  { amountMinor }: { amountMinor: number },
): void {
  metrics.refunded.inc()
  metrics.refundedMinor.add(currency, amountMinor)
}
