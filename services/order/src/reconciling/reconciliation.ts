import { dueMinor, quantitiesLeft, totalMinor } from '../orders/amounts.ts'
import { type Order, statusOfParts } from '../orders/order.ts'
import { isMoneyHeld, type PaymentStatus, paymentWork } from '../payment/payment.ts'

/** Inventory's record for an order: the quantity of each product that is still reserved. */
export type Kept = {
  status: 'HELD' | 'CONFIRMED' | 'RELEASED' | 'EXPIRED'
  lines: readonly { productId: string; quantity: number }[]
}

/**
 * The ways in which an order and its stock can differ: cancelled stock is still reserved; the news that it is back
 * never arrived; stock is only held that should be confirmed; sold stock is missing.
 */
export type StockDifference = 'stock-not-returned' | 'return-not-noted' | 'stock-not-kept' | 'stock-missing'

/**
 * The ways in which an order's rows can contradict each other: the total does not match the lines; the state does not
 * match the sellers' parts, or nothing is left of an order that is not cancelled; the money held is not the amount to
 * pay; or work is due that no worker was told about or that takes too long.
 */
export type OwnDifference =
  | 'total-not-of-lines'
  | 'state-not-of-parts'
  | 'money-not-adding-up'
  | 'payment-left-alone'
  | 'order-left-alone'
  | 'pending-too-long'

/**
 * All findings of a comparison. `provider-disagrees`: money was taken that we gave up, or we count on money that was not
 * taken. `order-missing`: stock is kept for good for an order that is not there, such as one that
 * was lost when the orders were restored to an earlier moment.
 */
export type Difference = StockDifference | OwnDifference | 'provider-disagrees' | 'order-missing'

/** The values of an order that are compared with each other. */
export type OwnRows = Order & {
  totalMinor: number
  workDueAt: Date | null
  ageSeconds: number
  payment: { status: PaymentStatus; amountMinor: number; workDueAt: Date | null } | undefined
  givenBackMinor: number
  refundsPending: boolean
}

/**
 * The differences between a settled order and inventory's record. The record should be empty for a failed order, and
 * otherwise have the quantity of each line that is not cancelled.
 */
export function stockDifferenceOf(
  order: Order & { stockIsOut: boolean },
  kept: Kept | undefined,
): StockDifference | undefined {
  if (isOpen(order)) return undefined
  const cameToNothing = order.status === 'CANCELLED' || order.status === 'REJECTED'
  const keptOf = (productId: string) =>
    kept?.lines.find((line) => line.productId === productId)?.quantity ?? 0
  const surplus = order.lines.map(
    (line) => keptOf(line.productId) - (cameToNothing ? 0 : line.quantity - line.cancelledQuantity),
  )
  if (surplus.some((units) => units > 0)) return 'stock-not-returned'
  if (surplus.some((units) => units < 0)) return 'stock-missing'
  if (order.stockIsOut) return 'return-not-noted'
  return kept?.status === 'HELD' && !cameToNothing ? 'stock-not-kept' : undefined
}

/** Whether stock is kept for good. What is only held comes back by itself. */
export function isKeptForGood(kept: Kept): boolean {
  return kept.status === 'CONFIRMED' && kept.lines.some(({ quantity }) => quantity > 0)
}

/** The contradictions between an order's rows. */
export function ownDifferencesOf(order: OwnRows, limits: { pendingSecondsMax: number }): OwnDifference[] {
  const { payment } = order
  const found: OwnDifference[] = []
  if (totalMinor(order.lines) !== order.totalMinor) found.push('total-not-of-lines')
  if (!isStateOfParts(order)) found.push('state-not-of-parts')
  if (!isOpen(order) && heldMinor(order) !== dueMinor(order)) found.push('money-not-adding-up')
  if (payment && payment.workDueAt === null && paymentWork(payment, order, order.refundsPending) !== 'none')
    found.push('payment-left-alone')
  if (isOpen(order) && order.workDueAt === null) found.push('order-left-alone')
  if (order.status === 'PENDING' && order.ageSeconds > limits.pendingSecondsMax)
    found.push('pending-too-long')
  return found
}

function isOpen({ status }: Order): boolean {
  return status === 'PENDING' || status === 'AWAITING_PAYMENT'
}

function isStateOfParts(order: Order): boolean {
  const anyLeft = quantitiesLeft(order.lines).length > 0
  if (isOpen(order)) return anyLeft && order.parts.length === 0
  if (order.status === 'REJECTED') return order.parts.length === 0
  if (order.status === 'CANCELLED') return !anyLeft
  return anyLeft && statusOfParts(order.parts) === order.status
}

/** The amount taken, set aside or promised for an order and not given back. */
function heldMinor({ payment, givenBackMinor }: OwnRows): number {
  return payment && isMoneyHeld(payment.status) ? payment.amountMinor - givenBackMinor : 0
}
