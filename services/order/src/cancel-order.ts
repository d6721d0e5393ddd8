import { orderApi } from '@bazaar/shared/api/order'
import type { Session } from '@bazaar/shared/auth/admission'
import type { Transaction } from '@bazaar/shared/database/database'
import { once } from '@bazaar/shared/database/idempotency-keys'
import { assertInvariant, DomainError } from '@bazaar/shared/problem'
import type { Reply } from '@bazaar/shared/reply'
import type { Deps } from './deps.ts'
import { insertCancellation } from './end-order.ts'
import { orderNotFound } from './errors.ts'
import { insertEvent } from './event-store.ts'
import { type Cancelled, cancel, type Order, payableMinor, type Quantities } from './order.ts'
import { lockOrder, type StoredOrder, saveOrder, saveStatus } from './order-store.ts'
import { insertRefund, savePayment } from './payment-store.ts'
import { type OrderView, orderView } from './views.ts'

/** What is to be cancelled of an order, and why. */
export type CancelRequest = { reason?: string; lines?: { productId: string; quantity: number }[] }

const NO_REASON = 'Cancelled by the buyer'

/**
 * Cancels an order or some of it: in one transaction the order changes, the message to inventory is written
 * and the refund is due. Cancelling the whole of a cancelled order again changes nothing.
 *
 * @throws {DomainError} not-found, illegal-transition, already-shipped, more-than-ordered or duplicate-product.
 */
export async function cancelOrder(
  deps: Deps,
  request: { buyer: Session; key: string; orderId: string; cancel: CancelRequest },
): Promise<Reply<OrderView>> {
  const { buyer, key, orderId, cancel: wanted } = request
  refuseDuplicates(wanted.lines)
  const reply = await once<OrderView>(
    deps.database,
    { ownerId: buyer.userId, operation: 'cancelOrder', key, request: { orderId, ...wanted } },
    {
      kinds: orderApi.problems,
      work: async (tx) => {
        const order = await lockOrder(tx, orderId)
        if (!order || order.buyerId !== buyer.userId) throw orderNotFound()
        const nothingToDo = order.status === 'CANCELLED' && !wanted.lines
        if (!nothingToDo) await cancelLocked(tx, order, wanted)
        // failpoint: cancel-order.before-commit
        const after = await lockOrder(tx, orderId)
        if (!after) throw orderNotFound()
        return { status: 200, body: orderView(after) }
      },
    },
  )
  // failpoint: cancel-order.after-commit
  deps.wake.relay()
  deps.wake.payments()
  return reply
}

async function cancelLocked(tx: Transaction, order: StoredOrder, wanted: CancelRequest): Promise<void> {
  const cancelled = cancel(order, wanted.lines)
  await saveOrder(tx, order, cancelled.order)
  // Whatever was still to be done to complete it is not to be done any more.
  if (cancelled.order.status === 'CANCELLED') await saveStatus(tx, order.id, 'CANCELLED')
  const reason = wanted.reason || NO_REASON
  const cancellationId = await insertCancellation(tx, order, { lines: cancelled.lines, reason })
  await insertEvent(tx, order.id, {
    type: cancelled.order.status === 'CANCELLED' ? 'CANCELLED' : 'PARTLY_CANCELLED',
    actor: 'BUYER',
    actorId: order.buyerId,
    detail: { cancellationId, amountMinor: cancelled.amountMinor },
  })
  await giveMoneyBack(tx, order, { ...cancelled, cancellationId })
}

/** What happens to the payment depends on how far it is; the provider is asked after the commit. */
async function giveMoneyBack(
  tx: Transaction,
  order: StoredOrder,
  cancelled: Cancelled & { cancellationId: string },
): Promise<void> {
  const [payment] = order.payments
  if (!payment) throw new Error('an order has no payment')
  const { amountMinor, cancellationId } = cancelled
  switch (payment.status) {
    case 'PENDING':
      return savePayment(tx, payment, { workDue: true })
    case 'AUTHORISED':
    case 'CAPTURED':
      // What was paid minus what was given back is what was payable: so much can still be given back.
      assertInvariant(
        amountMinor <= payableMinor(order.lines) && payableMinor(order.lines) <= payment.amountMinor,
        'refunds-within-payment',
        'More would be given back than was paid',
      )
      await insertRefund(tx, { orderId: order.id, paymentId: payment.id, cancellationId, amountMinor })
      return savePayment(tx, payment, { workDue: true })
    case 'DUE_ON_DELIVERY':
      return savePayment(tx, payment, { ...cashAfter(cancelled.order), workDue: false })
    case 'DECLINED':
    case 'VOIDED':
    case 'COLLECTED':
      return
  }
}

/** What is to be paid at the door is what is left; if that has all been delivered, it was paid there. */
function cashAfter(order: Order): { status?: 'VOIDED' | 'COLLECTED'; amountMinor?: number } {
  if (order.status === 'CANCELLED') return { status: 'VOIDED' }
  const amountMinor = payableMinor(order.lines)
  return order.status === 'DELIVERED' ? { status: 'COLLECTED', amountMinor } : { amountMinor }
}

function refuseDuplicates(lines: Quantities | undefined): void {
  if (lines && new Set(lines.map((line) => line.productId)).size < lines.length) {
    throw new DomainError('duplicate-product', 'Name each product once', {
      errors: [{ pointer: '/lines', code: 'duplicate-product' }],
    })
  }
}
