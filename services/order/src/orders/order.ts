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
/** The states of one seller's part of an order. */
export type PartStatus = (typeof PART_STATUSES)[number]

/** The actions on an order. */
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
 * The one table of the actions that each state allows. All others are refused. The new state depends on the order:
 * see `confirm`, `cancel` and `statusOfParts`.
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

/** The states that an order can move to from each state. */
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

/** The states from which an order can move to this one. */
export function statesBefore(status: OrderStatus): OrderStatus[] {
  return ORDER_STATUSES.filter((before) => NEXT[before].some((after) => after === status))
}

/** Whether the action is allowed for an order in this state. */
export function allows(status: OrderStatus, action: Action): boolean {
  return MOVES[status].some((allowed) => allowed === action)
}

/**
 * Checks that the action is allowed.
 * @throws {DomainError} illegal-transition naming the state; already-shipped for a cancellation that is too late.
 */
export function demand(status: OrderStatus, action: Action): void {
  if (allows(status, action)) return
  const cancelling = action === 'cancel' || action === 'cancel-lines'
  if (cancelling && (status === 'PARTIALLY_SHIPPED' || status === 'SHIPPED' || status === 'DELIVERED'))
    throw alreadyShipped(status)
  throw illegalTransition(action, status)
}

/** The reason why an order may not be paid (again); undefined when it may. */
export function refusalToPay(order: {
  status: OrderStatus
  payments: readonly unknown[]
}): DomainError | undefined {
  if (!allows(order.status, 'pay')) return illegalTransition('pay', order.status)
  return order.payments.length < PAYMENT_ATTEMPTS_MAX ? undefined : tooManyAttempts()
}

/** The fields of a line that the rules look at. */
export type Line = {
  productId: string
  sellerId: string
  unitPriceMinor: number
  quantity: number
  cancelledQuantity: number
}
/** The fields of a seller's part that the rules look at. */
export type Part = { sellerId: string; status: PartStatus }
/** The fields of an order that the rules look at. */
export type Order = { status: OrderStatus; lines: readonly Line[]; parts: readonly Part[] }
/** Quantities of products. */
export type Quantities = readonly { productId: string; quantity: number }[]

/** The cost of the lines at their frozen prices, in minor units. */
export function totalMinor(lines: readonly Pick<Line, 'unitPriceMinor' | 'quantity'>[]): number {
  return lines.reduce((total, line) => total + line.unitPriceMinor * line.quantity, 0)
}

/** The quantities left on the lines after cancellations. */
export function quantitiesLeft(lines: readonly Line[]): Quantities {
  return lines
    .map(({ productId, quantity, cancelledQuantity }) => ({
      productId,
      quantity: quantity - cancelledQuantity,
    }))
    .filter(({ quantity }) => quantity > 0)
}

/** The cost of the lines after cancellations, in minor units. */
export function payableMinor(lines: readonly Line[]): number {
  return totalMinor(lines.map((line) => ({ ...line, quantity: line.quantity - line.cancelledQuantity })))
}

/**
 * The amount to pay for an order, in minor units: zero for a rejected one, otherwise the cost of what is left of it.
 */
export function dueMinor(order: Pick<Order, 'status' | 'lines'>): number {
  return order.status === 'REJECTED' ? 0 : payableMinor(order.lines)
}

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

const PART_MOVES = {
  ship: { from: 'AWAITING_SHIPMENT', to: 'SHIPPED' },
  deliver: { from: 'SHIPPED', to: 'DELIVERED' },
} as const satisfies Record<'ship' | 'deliver', { from: PartStatus; to: PartStatus }>

/** The carrier and tracking number of a part. */
export type Shipment = { carrier: string | null; trackingNumber: string | null }

/**
 * A shipment completed with new details: missing ones may be added later, but known ones may not be changed.
 * Undefined when there is nothing new.
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
 * Moves one seller's part on. Undefined when it is already there, so that nothing is to be done.
 * @throws {DomainError} illegal-transition when the state of the part, or of the order, does not allow it.
 */
export function movePart(order: Order, action: 'ship' | 'deliver', sellerId: string): Order | undefined {
  const { from, to } = PART_MOVES[action]
  const part = order.parts.find((one) => one.sellerId === sellerId)
  // A repeated step changes nothing, even if the next step was taken since.
  if (part?.status === to || (action === 'ship' && part?.status === 'DELIVERED')) return undefined
  if (!part || part.status !== from) throw illegalTransition(action, part?.status ?? order.status)
  demand(order.status, action)
  const parts = order.parts.map((one) => (one.sellerId === sellerId ? { ...one, status: to } : one))
  return { ...order, parts, status: statusOfParts(parts) }
}
