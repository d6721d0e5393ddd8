import { alreadyShipped, moreThanOrdered } from '../errors.ts'
import { type Line, payableMinor, type Quantities, quantitiesLeft } from './amounts.ts'
import { demand, type OrderStatus, type PartStatus } from './moves.ts'

/** The fields of a seller's part that the rules look at. */
export type Part = { sellerId: string; status: PartStatus }
/** The fields of an order that the rules look at. */
export type Order = { status: OrderStatus; lines: readonly Line[]; parts: readonly Part[] }

/**
 * The sellers with something left in the order, in the order of the lines: on confirmation each gets a part to ship.
 */
export function partsOf(lines: readonly Line[]): Part[] {
  const left = lines.filter((line) => line.cancelledQuantity < line.quantity)
  return [...new Set(left.map((line) => line.sellerId))].map((sellerId) => ({
    sellerId,
    status: 'AWAITING_SHIPMENT',
  }))
}

/** The state of a confirmed order, which follows from its parts taken together. */
export function statusOfParts(parts: readonly Part[]): OrderStatus {
  const live = parts.filter((part) => part.status !== 'CANCELLED')
  if (live.length === 0) return 'CANCELLED'
  if (live.every((part) => part.status === 'DELIVERED')) return 'DELIVERED'
  if (live.every((part) => part.status !== 'AWAITING_SHIPMENT')) return 'SHIPPED'
  return live.some((part) => part.status !== 'AWAITING_SHIPMENT') ? 'PARTIALLY_SHIPPED' : 'CONFIRMED'
}

/** The changes of a cancellation, and the quantities it gives back. */
export type Cancelled = { order: Order; lines: Quantities; amountMinor: number }

/**
 * Cancels the whole order, or only the given quantities of it, as long as they have not shipped.
 *
 * @throws {DomainError} illegal-transition, already-shipped, or more-than-ordered when a line has less than that left
 * (or is not in the order).
 */
export function cancel(order: Order, wanted: Quantities | undefined): Cancelled {
  demand(order.status, wanted ? 'cancel-lines' : 'cancel')
  const cancelled = wanted ?? quantitiesLeft(order.lines)
  for (const { productId, quantity } of cancelled) {
    const line = order.lines.find((one) => one.productId === productId)
    if (!line || line.quantity - line.cancelledQuantity < quantity) throw moreThanOrdered()
    const part = order.parts.find((one) => one.sellerId === line.sellerId)
    if (part && part.status !== 'AWAITING_SHIPMENT') throw alreadyShipped(order.status)
  }
  const lines = order.lines.map((line) => {
    const quantity = cancelled.find((one) => one.productId === line.productId)?.quantity ?? 0
    return { ...line, cancelledQuantity: line.cancelledQuantity + quantity }
  })
  const parts = order.parts.map((part): Part => {
    const anyLeft = lines.some(
      (line) => line.sellerId === part.sellerId && line.cancelledQuantity < line.quantity,
    )
    return anyLeft ? part : { ...part, status: 'CANCELLED' }
  })
  const anyLeft = quantitiesLeft(lines).length > 0
  // An order has no parts before it is confirmed.
  const status = !anyLeft ? 'CANCELLED' : order.parts.length > 0 ? statusOfParts(parts) : order.status
  return {
    order: { status, lines, parts },
    lines: cancelled,
    amountMinor: payableMinor(order.lines) - payableMinor(lines),
  }
}
