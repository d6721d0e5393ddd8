import { ORDER_STATUSES, type PART_STATUSES, PAYMENT_ATTEMPTS_MAX } from '@bazaar/shared/api/order'
import type { DomainError } from '@bazaar/shared/problem'
import {
  alreadyShipped,
  illegalTransition,
  moreThanOrdered,
  shipmentDiffers,
  tooManyAttempts,
} from '../errors.ts'

/** The states of an order. */
export type OrderStatus = (typeof ORDER_STATUSES)[number]
/** The states of one seller's part of it. */
export type PartStatus = (typeof PART_STATUSES)[number]

/** What can be done to an order. */
export const ACTIONS = [
  'confirm',
  'decline',
  'pay',
  'reject',
  'cancel',
  'cancel-lines',
  'ship',
  'deliver',
] as const
export type Action = (typeof ACTIONS)[number]

/**
 * The one table of what may be done in which state. Everything that is not in it is refused. Where a move
 * leads follows from the order: see `confirm`, `cancel` and `statusOfParts`.
 */
export const MOVES = {
  PENDING: ['confirm', 'decline', 'reject', 'cancel'],
  AWAITING_PAYMENT: ['pay', 'reject', 'cancel', 'cancel-lines'],
  CONFIRMED: ['cancel', 'cancel-lines', 'ship'],
  PARTIALLY_SHIPPED: ['cancel-lines', 'ship', 'deliver'],
  SHIPPED: ['deliver'],
  DELIVERED: [],
  CANCELLED: [],
  REJECTED: [],
} as const satisfies Record<OrderStatus, readonly Action[]>

/** Where the moves lead: the states that an order can be in after each state. */
const NEXT = {
  PENDING: ['CONFIRMED', 'AWAITING_PAYMENT', 'REJECTED', 'CANCELLED'],
  AWAITING_PAYMENT: ['PENDING', 'REJECTED', 'CANCELLED'],
  CONFIRMED: ['PARTIALLY_SHIPPED', 'SHIPPED', 'CANCELLED'],
  PARTIALLY_SHIPPED: ['SHIPPED', 'DELIVERED'],
  SHIPPED: ['DELIVERED'],
  DELIVERED: [],
  CANCELLED: [],
  REJECTED: [],
} as const satisfies Record<OrderStatus, readonly OrderStatus[]>

/** The states from which an order can come into this one. */
export function statesBefore(status: OrderStatus): OrderStatus[] {
  return ORDER_STATUSES.filter((before) => NEXT[before].some((after) => after === status))
}

/** Whether the action is allowed for an order in this state. */
export function allows(status: OrderStatus, action: Action): boolean {
  return MOVES[status].some((allowed) => allowed === action)
}

/**
 * Lets the action pass or refuses it.
 * @throws {DomainError} illegal-transition naming the state; already-shipped for a cancellation that is too late.
 */
export function demand(status: OrderStatus, action: Action): void {
  if (allows(status, action)) return
  const cancelling = action === 'cancel' || action === 'cancel-lines'
  if (cancelling && (status === 'PARTIALLY_SHIPPED' || status === 'SHIPPED' || status === 'DELIVERED'))
    throw alreadyShipped(status)
  throw illegalTransition(action, status)
}

/** Why an order may not be paid (again); undefined when it may. */
export function refusalToPay(order: {
  status: OrderStatus
  payments: readonly unknown[]
}): DomainError | undefined {
  if (!allows(order.status, 'pay')) return illegalTransition('pay', order.status)
  return order.payments.length < PAYMENT_ATTEMPTS_MAX ? undefined : tooManyAttempts()
}

/** A line as far as the rules look at it. */
export type Line = {
  productId: string
  sellerId: string
  unitPriceMinor: number
  quantity: number
  cancelledQuantity: number
}
/** A seller's part as far as the rules look at it. */
export type Part = { sellerId: string; status: PartStatus }
/** An order as far as the rules look at it. */
export type Order = { status: OrderStatus; lines: readonly Line[]; parts: readonly Part[] }
/** Quantities of products. */
export type Quantities = readonly { productId: string; quantity: number }[]

/** What the lines cost at their frozen prices, in minor units. */
export function totalMinor(lines: readonly Pick<Line, 'unitPriceMinor' | 'quantity'>[]): number {
  return lines.reduce((total, line) => total + line.unitPriceMinor * line.quantity, 0)
}

/** What is left of the lines after cancellations. */
export function quantitiesLeft(lines: readonly Line[]): Quantities {
  return lines
    .map(({ productId, quantity, cancelledQuantity }) => ({
      productId,
      quantity: quantity - cancelledQuantity,
    }))
    .filter(({ quantity }) => quantity > 0)
}

/** What the lines cost after cancellations, in minor units. */
export function payableMinor(lines: readonly Line[]): number {
  return totalMinor(lines.map((line) => ({ ...line, quantity: line.quantity - line.cancelledQuantity })))
}

/** What is to be paid for an order, in minor units: nothing for one that was rejected, else what is left of it. */
export function dueMinor(order: Pick<Order, 'status' | 'lines'>): number {
  return order.status === 'REJECTED' ? 0 : payableMinor(order.lines)
}

/** The sellers of whom something is left, in the order of the lines: each gets a part to send on confirmation. */
export function partsOf(lines: readonly Line[]): Part[] {
  const left = lines.filter((line) => line.cancelledQuantity < line.quantity)
  return [...new Set(left.map((line) => line.sellerId))].map((sellerId) => ({
    sellerId,
    status: 'AWAITING_SHIPMENT',
  }))
}

/** The state of a confirmed order, which is that of its parts taken together. */
export function statusOfParts(parts: readonly Part[]): OrderStatus {
  const live = parts.filter((part) => part.status !== 'CANCELLED')
  if (live.length === 0) return 'CANCELLED'
  if (live.every((part) => part.status === 'DELIVERED')) return 'DELIVERED'
  if (live.every((part) => part.status !== 'AWAITING_SHIPMENT')) return 'SHIPPED'
  return live.some((part) => part.status !== 'AWAITING_SHIPMENT') ? 'PARTIALLY_SHIPPED' : 'CONFIRMED'
}

/** What a cancellation changes, and what it gives back. */
export type Cancelled = { order: Order; lines: Quantities; amountMinor: number }

/**
 * Cancels the whole order, or only the given quantities of it, as long as they were not shipped.
 *
 * @throws {DomainError} illegal-transition, already-shipped, or more-than-ordered when a line has not that
 * much left (or is not in the order).
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
  // Before it is confirmed an order has no parts.
  const status = !anyLeft ? 'CANCELLED' : order.parts.length > 0 ? statusOfParts(parts) : order.status
  return {
    order: { status, lines, parts },
    lines: cancelled,
    amountMinor: payableMinor(order.lines) - payableMinor(lines),
  }
}

const PART_MOVES = {
  ship: { from: 'AWAITING_SHIPMENT', to: 'SHIPPED' },
  deliver: { from: 'SHIPPED', to: 'DELIVERED' },
} as const satisfies Record<'ship' | 'deliver', { from: PartStatus; to: PartStatus }>

/** How a part was sent. */
export type Shipment = { carrier: string | null; trackingNumber: string | null }

/**
 * A shipment with what is said of it now: it may be completed, when something is known later, but not changed.
 * Undefined when nothing new is said.
 * @throws {DomainError} shipment-differs.
 */
export function completeShipment(known: Shipment, said: Shipment): Shipment | undefined {
  const merged = {
    carrier: known.carrier ?? said.carrier,
    trackingNumber: known.trackingNumber ?? said.trackingNumber,
  }
  if (said.carrier !== null && said.carrier !== merged.carrier) throw shipmentDiffers()
  if (said.trackingNumber !== null && said.trackingNumber !== merged.trackingNumber) throw shipmentDiffers()
  const same = merged.carrier === known.carrier && merged.trackingNumber === known.trackingNumber
  return same ? undefined : merged
}

/**
 * Moves one seller's part on. Undefined when it is there already: then there is nothing to do.
 * @throws {DomainError} illegal-transition when the part, or the order, is not in a state for it.
 */
export function movePart(order: Order, action: 'ship' | 'deliver', sellerId: string): Order | undefined {
  const { from, to } = PART_MOVES[action]
  const part = order.parts.find((one) => one.sellerId === sellerId)
  // What was done before is done, also when the next step was taken since.
  if (part?.status === to || (action === 'ship' && part?.status === 'DELIVERED')) return undefined
  if (!part || part.status !== from) throw illegalTransition(action, part?.status ?? order.status)
  demand(order.status, action)
  const parts = order.parts.map((one) => (one.sellerId === sellerId ? { ...one, status: to } : one))
  return { ...order, parts, status: statusOfParts(parts) }
}
