import type { Transaction } from '@bazaar/shared/database/database'
import { assertInvariant } from '@bazaar/shared/problem'
import { payableMinor } from '../orders/amounts.ts'
import type { Cancelled, Order } from '../orders/order.ts'
import type { StoredOrder } from '../orders/order-store.ts'
import { insertRefund, type StoredPayment, savePayment } from './payment-store.ts'

/**
 * Gives money back. The right way depends on the state of the payment; the provider is asked after the commit.
 * Returns the payment as it is then.
 */
export async function giveMoneyBack(
  tx: Transaction,
  order: StoredOrder,
  cancelled: Cancelled & { cancellationId: string },
): Promise<StoredPayment> {
  const [payment] = order.payments
  if (!payment) throw new Error('an order has no payment')
  const { amountMinor, cancellationId } = cancelled
  switch (payment.status) {
    case 'PENDING':
      return savePayment(tx, payment, { workDue: true })
    case 'AUTHORISED':
    case 'CAPTURED':
      // The amount paid minus the amounts given back was payable: this much can still be given back.
      assertInvariant(
        amountMinor <= payableMinor(order.lines) && payableMinor(order.lines) <= payment.amountMinor,
        'refunds-within-payment',
        'The refund would exceed what was paid',
      )
      await insertRefund(tx, { orderId: order.id, paymentId: payment.id, cancellationId, amountMinor })
      return savePayment(tx, payment, { workDue: true })
    case 'DUE_ON_DELIVERY':
      return savePayment(tx, payment, { ...cashAfter(cancelled.order), workDue: false })
    case 'DECLINED':
    case 'VOIDED':
    case 'COLLECTED':
      return payment
  }
}

/** Cash on delivery is due for what is left; if all of that has been delivered, it was paid at the door. */
function cashAfter(order: Order): { status?: 'VOIDED' | 'COLLECTED'; amountMinor?: number } {
  if (order.status === 'CANCELLED') return { status: 'VOIDED' }
  const amountMinor = payableMinor(order.lines)
  return order.status === 'DELIVERED' ? { status: 'COLLECTED', amountMinor } : { amountMinor }
}
