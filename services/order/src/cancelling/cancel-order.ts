import { LATEST_SHOWN, orderApi } from '@bazaar/shared/api/order'
import type { Session } from '@bazaar/shared/auth/admission'
import type { Transaction } from '@bazaar/shared/database/database'
import { once } from '@bazaar/shared/database/idempotency-keys'
import { DomainError } from '@bazaar/shared/problem'
import type { Reply } from '@bazaar/shared/reply'
import type { Deps } from '../deps.ts'
import { orderNotFound } from '../errors.ts'
import type { Quantities } from '../orders/amounts.ts'
import { insertEvents } from '../orders/event-store.ts'
import { type Cancelled, cancel } from '../orders/order.ts'
import { type LockedOrder, lockOrder, type StoredOrder } from '../orders/order-store.ts'
import { saveOrder } from '../orders/status-store.ts'
import { giveMoneyBack } from '../payment/give-money-back.ts'
import { isPaid } from '../payment/payment.ts'
import type { StoredPayment } from '../payment/payment-store.ts'
import { type OrderView, orderView } from '../views.ts'
import { insertCancellation } from './announce-cancellation.ts'
import type { StoredCancellation } from './cancellation-store.ts'

/** The lines of an order to cancel, and the reason. */
export type CancelRequest = { reason?: string | null; lines?: { productId: string; quantity: number }[] }

const NO_REASON = 'Cancelled by the buyer'

/**
 * Cancels an order or part of it. One transaction changes the order, writes the message to inventory and makes the
 * refund due. Cancelling a wholly cancelled order again changes nothing.
 *
 * @throws {DomainError} not-found, illegal-transition, already-shipped, more-than-ordered or duplicate-product.
 */
export async function cancelOrder(
  deps: Deps,
  request: { buyer: Session; key: string; orderId: string; cancel: CancelRequest },
): Promise<Reply<OrderView>> {
  const { buyer, key, orderId, cancel: wanted } = request
  refuseDuplicates(wanted.lines)
  // Undefined for a request that was answered before. A transaction may run more than once, and its last run counts.
  let extent: 'whole' | 'part' | undefined
  const reply = await once<OrderView>(
    deps.database,
    { ownerId: buyer.userId, operation: 'cancelOrder', key, request: { orderId, ...wanted } },
    {
      kinds: orderApi.problems,
      work: async (tx) => {
        const order = await lockOrder(tx, orderId)
        if (!order || order.buyerId !== buyer.userId) throw orderNotFound()
        const nothingToDo = order.status === 'CANCELLED' && !wanted.lines
        const after = nothingToDo ? order : await cancelLocked(tx, order, wanted)
        if (!nothingToDo) extent = after.status === 'CANCELLED' ? 'whole' : 'part'
        // failpoint: cancel-order.before-commit
        return { status: 200, body: orderView(after) }
      },
    },
  )
  // failpoint: cancel-order.after-commit
  if (extent) deps.metrics.cancelled.inc(extent)
  deps.wake.relay()
  deps.wake.payments()
  return reply
}

/** Cancels the given lines of a locked order, and returns the order as it is then. */
async function cancelLocked(
  tx: Transaction,
  order: LockedOrder,
  wanted: CancelRequest,
): Promise<StoredOrder> {
  const cancelled = cancel(order, wanted.lines)
  await saveOrder(tx, order, cancelled.order)
  const reason = wanted.reason || NO_REASON
  const { lines, amountMinor } = cancelled
  const change = cancelled.order.status === 'CANCELLED' ? 'CANCELLED' : 'PARTLY_CANCELLED'
  const told = { change, givenBackMinor: isPaid(order.payments[0]?.status) ? amountMinor : 0 } as const
  const cancellation = await insertCancellation(tx, order, { lines, reason, told })
  const event = {
    type: change,
    actor: 'BUYER',
    actorId: order.buyerId,
    detail: { cancellationId: cancellation.id, amountMinor },
  } as const
  await insertEvents(tx, order.id, [event], order.lastEventId)
  const payment = await giveMoneyBack(tx, order, { ...cancelled, cancellationId: cancellation.id })
  return afterCancelling(order, { ...cancelled, cancellation, payment })
}

/** A locked order together with the cancellation just stored, as it would be read back. */
function afterCancelling(
  before: LockedOrder,
  { order, cancellation, payment }: Cancelled & { cancellation: StoredCancellation; payment: StoredPayment },
): StoredOrder {
  const lines = before.lines.map((line) => ({
    ...line,
    ...order.lines.find(({ productId }) => productId === line.productId),
  }))
  const parts = before.parts.map((part) => ({
    ...part,
    ...order.parts.find(({ sellerId }) => sellerId === part.sellerId),
  }))
  const payments = [payment, ...before.payments.slice(1)]
  const cancellations = [...before.cancellations, cancellation].slice(-LATEST_SHOWN)
  return { ...before, status: order.status, lines, parts, payments, cancellations }
}

function refuseDuplicates(lines: Quantities | undefined): void {
  if (lines && new Set(lines.map((line) => line.productId)).size < lines.length) {
    throw new DomainError('duplicate-product', 'Name each product once', {
      errors: [{ pointer: '/lines', code: 'duplicate-product' }],
    })
  }
}
