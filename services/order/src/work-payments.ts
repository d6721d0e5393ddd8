import { inTransaction, read } from '@bazaar/shared/database'
import type { Deps } from './deps.ts'
import { findOrder, insertEvent, lockOrder, type StoredOrder } from './order-store.ts'
import { type PaymentStatus, paymentWork } from './payment.ts'
import { claimDuePayments, type StoredPayment, savePayment, saveRefunded } from './payment-store.ts'

/** How many payments one round takes up. */
const AT_ONCE = 20

/**
 * Asks the payment provider for what is due: captures what was authorised, voids what came to nothing, gives
 * back what was cancelled. Every call to the provider can be repeated under its own id, so a round that broke
 * off is simply done again.
 */
export async function workPayments(deps: Deps): Promise<'more' | 'done'> {
  const due = await claimDuePayments(deps.database, AT_ONCE)
  await Promise.all(
    due.map(async ({ id, orderId }) => {
      try {
        await work(deps, orderId, id)
      } catch (error) {
        // Stays due: the lease runs out and the next round tries again.
        deps.log.warn({ error, orderId, paymentId: id }, 'a payment cannot be brought on yet')
      }
    }),
  )
  return due.length === AT_ONCE ? 'more' : 'done'
}

async function work(deps: Deps, orderId: string, paymentId: string): Promise<void> {
  const order = await read(deps.database, (connection) => findOrder(connection, orderId))
  const payment = order?.payments.find((one) => one.id === paymentId)
  if (!order || !payment) throw new Error('a payment without an order')
  const charge = { ...payment, paymentId }
  const pending = order.refunds.filter(
    (refund) => refund.paymentId === paymentId && refund.status === 'PENDING',
  )

  switch (paymentWork(payment, order, pending.length > 0)) {
    case 'capture':
      return record(deps, order, payment, await deps.provider.capture(charge))
    case 'void':
      return record(deps, order, payment, await deps.provider.void(charge))
    case 'refund':
      for (const refund of pending) {
        await deps.provider.refund(charge, refund)
        await inTransaction(deps.database, async (tx) => {
          if ((await saveRefunded(tx, paymentId, refund.id)) === 0) return
          await insertEvent(tx, orderId, {
            type: 'REFUNDED',
            actor: 'SYSTEM',
            detail: { amountMinor: refund.amountMinor },
          })
        })
      }
      return record(deps, order, payment, undefined)
    case 'none':
      return record(deps, order, payment, undefined)
  }
}

const RECORDED = { captured: 'CAPTURED', voided: 'VOIDED' } as const satisfies Record<string, PaymentStatus>

/** Writes down what the provider did, and whether more is due by what happened to the order meanwhile. */
async function record(
  deps: Deps,
  seen: StoredOrder,
  payment: StoredPayment,
  outcome: 'captured' | 'voided' | undefined,
): Promise<void> {
  const more = await inTransaction(deps.database, async (tx) => {
    const order = await lockOrder(tx, seen.id)
    const present = order?.payments.find((one) => one.id === payment.id)
    if (!order || !present) throw new Error('a payment without an order')
    const status = outcome ? RECORDED[outcome] : present.status
    if (status === 'VOIDED') await saveRefunded(tx, payment.id)
    if (status !== present.status)
      await insertEvent(tx, order.id, {
        type: `PAYMENT_${status}`,
        actor: 'SYSTEM',
        detail: { amountMinor: payment.amountMinor },
      })
    const refundsPending =
      status !== 'VOIDED' &&
      order.refunds.some((refund) => refund.paymentId === payment.id && refund.status === 'PENDING')
    const workDue = paymentWork({ status }, order, refundsPending) !== 'none'
    await savePayment(tx, payment.id, { status, workDue })
    return workDue
  })
  if (more) deps.wake.payments()
}
