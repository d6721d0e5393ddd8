import { dueMinor, type Order, quantitiesLeft, statusOfParts, totalMinor } from '../orders/order.ts'
import { isMoneyHeld, type PaymentStatus, paymentWork } from '../payment/payment.ts'

/** What inventory keeps for an order: how much of each product is still set aside. */
export type Kept = {
  status: 'HELD' | 'CONFIRMED' | 'RELEASED' | 'EXPIRED'
  lines: readonly { productId: string; quantity: number }[]
}

/**
 * How an order and its stock can differ: stock that was cancelled is still set aside; that it is back was never
 * heard; stock is only held that should be kept; stock is missing that was sold.
 */
export type StockDifference = 'stock-not-returned' | 'return-not-noted' | 'stock-not-kept' | 'stock-missing'

/**
 * How the rows of an order can contradict each other: the total is not what the lines cost; the state is not that of
 * the sellers' parts, or nothing is left of what is not cancelled; the money that is held is not what is to be paid;
 * or something is to be done, of which nobody is told or which takes too long.
 */
export type OwnDifference =
  | 'total-not-of-lines'
  | 'state-not-of-parts'
  | 'money-not-adding-up'
  | 'payment-left-alone'
  | 'order-left-alone'
  | 'pending-too-long'

/** Everything that a comparison can find. */
export type Difference = StockDifference | OwnDifference

/** An order as far as it is compared with itself. */
export type OwnRows = Order & {
  totalMinor: number
  workDueAt: Date | null
  ageSeconds: number
  payment: { status: PaymentStatus; amountMinor: number; workDueAt: Date | null } | undefined
  givenBackMinor: number
  refundsPending: boolean
}

/**
 * How an order that is not being placed any more differs from what inventory keeps for it, which is nothing for
 * an order that came to nothing, and otherwise what is not cancelled of each line.
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

/** How the rows of an order contradict each other. */
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

/** What was taken, set aside or promised for an order, and is not given back. */
function heldMinor({ payment, givenBackMinor }: OwnRows): number {
  return payment && isMoneyHeld(payment.status) ? payment.amountMinor - givenBackMinor : 0
}
