import { inTransaction, read, repeatably } from '@bazaar/shared/database/database'
import { readTogether } from '@bazaar/shared/database/read-together'
import { asWork } from '@bazaar/shared/telemetry/spans'
import type { Deps } from '../deps.ts'
import { insertEvents } from '../orders/event-store.ts'
import { holdOrder } from '../orders/order-store.ts'
import { claimDuePayments, saveStillDue } from './due-payment-store.ts'
import { paymentWork } from './payment.ts'
import type { StoredPayment } from './payment-store.ts'
import { findPayments, listPendingRefunds, saveRefunded } from './payment-work-store.ts'
import { recordOutcome } from './record-outcome.ts'

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
  const inHand = await findPayment(deps.database, paymentId)
  if (!inHand) throw new Error('a payment without an order')
  const { payment, order, refundIsDue } = inHand
  const charge = { ...payment, paymentId }

  switch (paymentWork(payment, order, refundIsDue)) {
    case 'capture':
      return recordOutcome(deps, payment, await deps.provider.capture(charge))
    case 'void':
      return recordOutcome(deps, payment, await deps.provider.void(charge))
    case 'refund':
      await giveBack(deps, payment)
      return recordOutcome(deps, payment, undefined)
    case 'none':
      return recordOutcome(deps, payment, undefined)
  }
}

/** The payment, found together with others that are worked on. */
const findPayment = readTogether(findPayments)

async function giveBack(deps: Deps, payment: StoredPayment): Promise<void> {
  const due = await read(deps.database, (connection) => listPendingRefunds(connection, payment.id))
  for (const refund of due) {
    const { amountMinor } = refund
    await deps.provider.refund({ ...payment, paymentId: payment.id }, refund)
    const isNew = await inTransaction(deps.database, async (tx) => {
      await holdOrder(tx, payment.orderId)
      if (!(await saveRefunded(tx, refund.id))) return false
      await insertEvents(tx, payment.orderId, [
        { type: 'REFUNDED', actor: 'SYSTEM', detail: { amountMinor } },
      ])
      return true
    })
    if (!isNew) continue
    deps.metrics.refunded.inc()
    deps.metrics.refundedMinor.add(payment.currency, amountMinor)
  }
}
