import { ORDER_STATUSES, type PART_STATUSES, PAYMENT_ATTEMPTS_MAX } from '@bazaar/shared/api/order'
import type { DomainError } from '@bazaar/shared/problem'
import { alreadyShipped, illegalTransition, tooManyAttempts } from '../errors.ts'

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
 * see `cancel` and `statusOfParts` in order.ts.
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
