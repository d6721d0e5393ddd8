import type { cancellation, event, order, orderApi, orderSummary, refund } from '@bazaar/shared/api/order'
import type { StoredCancellation, StoredRefund } from './cancelling/cancellation-store.ts'
import { dueMinor } from './orders/amounts.ts'
import type { StoredEvent } from './orders/event-store.ts'
import type { ListedOrder } from './orders/order-list-store.ts'
import type { OrderWithRefunds, StoredOrder } from './orders/order-store.ts'
import type { StoredPayment } from './payment/payment-store.ts'

/** An order as its buyer sees it. */
export type OrderView = (typeof order)['static']
type PaymentDetails = (typeof orderApi.operations.readPayment.response)[200]['static']

/** Shows an order to its buyer. */
export function orderView(stored: StoredOrder): OrderView {
  const [payment] = stored.payments
  if (!payment) throw new Error('an order has no payment')
  return {
    id: stored.id,
    status: stored.status,
    rejectionReason: stored.rejectionReason,
    currency: stored.currency,
    totalMinor: stored.totalMinor,
    payableMinor: dueMinor(stored),
    placedAt: stored.placedAt.toISOString(),
    payBy: stored.payBy?.toISOString() ?? null,
    shipTo: stored.shipTo,
    lines: stored.lines.map(lineView),
    parts: stored.parts.map((part) => ({ sellerId: part.sellerId, ...partView(part) })),
    payment: paymentView(payment),
    cancellations: stored.cancellations.map(cancellationView),
  }
}

/** Shows an order in a list. */
export function orderSummaryView(stored: ListedOrder): (typeof orderSummary)['static'] {
  const { id, status, currency, totalMinor, placedAt, lines } = stored
  return {
    id,
    status,
    currency,
    totalMinor,
    placedAt: placedAt.toISOString(),
    lines: lines.map(({ productId, name, quantity }) => ({ productId, name, quantity })),
  }
}

/** Shows the payment of an order, and its refunds. */
export function paymentDetailsView(stored: OrderWithRefunds): PaymentDetails {
  const [payment, ...earlier] = stored.payments
  if (!payment) throw new Error('an order has no payment')
  return {
    payment: paymentView(payment),
    earlierAttempts: earlier.map(paymentView),
    refunds: stored.refunds.map(refundView),
  }
}

/** Shows a cancellation. */
export function cancellationView(stored: StoredCancellation): (typeof cancellation)['static'] {
  const { id, reason, lines, cancelledAt, stockRestoredAt } = stored
  return {
    id,
    reason,
    lines,
    cancelledAt: cancelledAt.toISOString(),
    stockRestoredAt: stockRestoredAt?.toISOString() ?? null,
  }
}

/** Shows the refund for a cancellation. */
export function refundView(stored: StoredRefund): (typeof refund)['static'] {
  const { id, cancellationId, amountMinor, status, createdAt, refundedAt } = stored
  return {
    id,
    cancellationId,
    amountMinor,
    status,
    createdAt: createdAt.toISOString(),
    refundedAt: refundedAt?.toISOString() ?? null,
  }
}

/** Shows an event of an order. */
export function eventView({ type, actor, actorId, at, detail }: StoredEvent): (typeof event)['static'] {
  return { type, actor, actorId, at: at.toISOString(), detail }
}

/** Shows a line of an order. */
export function lineView({
  productId,
  sellerId,
  name,
  unitPriceMinor,
  quantity,
  cancelledQuantity,
}: StoredOrder['lines'][number]) {
  return { productId, sellerId, name, unitPriceMinor, quantity, cancelledQuantity }
}

/** Shows how far the part of a seller is. */
export function partView({
  status,
  carrier,
  trackingNumber,
  shippedAt,
  deliveredAt,
}: StoredOrder['parts'][number]) {
  return {
    status,
    carrier,
    trackingNumber,
    shippedAt: shippedAt?.toISOString() ?? null,
    deliveredAt: deliveredAt?.toISOString() ?? null,
  }
}

function paymentView({ id, type, status, amountMinor, currency, lastFour, createdAt }: StoredPayment) {
  return {
    id,
    type,
    status,
    amountMinor,
    currency,
    lastFour,
    provider: 'sandbox',
    createdAt: createdAt.toISOString(),
  }
}
