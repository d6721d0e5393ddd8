import { PAYMENT_ATTEMPTS_MAX, type REJECTION_REASONS } from '@bazaar/shared/api/order'
import { AMOUNT_MINOR_MAX } from '@bazaar/shared/api/schema'
import { DomainError } from '@bazaar/shared/problem'

/** The order is in a state that does not allow this action. */
export function illegalTransition(action: string, status: string): DomainError {
  return new DomainError(
    'illegal-transition',
    `Cannot ${action.replace('-lines', ' lines of')} an order that is ${status}`,
    {
      members: { orderStatus: status },
    },
  )
}

/** Too late to cancel. */
export function alreadyShipped(status: string): DomainError {
  return new DomainError('already-shipped', 'Cannot cancel an order that has shipped; return it instead', {
    members: { orderStatus: status },
  })
}

/** The cancellation asks for more units than are left in the order. */
export function moreThanOrdered(): DomainError {
  return new DomainError('more-than-ordered', 'Cannot cancel more of a product than is left in the order', {
    errors: [{ pointer: '/lines', code: 'more-than-ordered' }],
  })
}

/** The order is worth more than any amount that can be charged, shown and given back. */
export function totalTooLarge(): DomainError {
  return new DomainError(
    'total-too-large',
    'Order less at a time: the total exceeds the limit for one order',
    {
      errors: [{ pointer: '/lines', code: 'total-too-large', limit: AMOUNT_MINOR_MAX }],
    },
  )
}

/** The payment was declined too often, so this order can no longer be paid. */
export function tooManyAttempts(): DomainError {
  return new DomainError(
    'too-many-payment-attempts',
    'This order can no longer be paid; cancel it and order again with another payment method',
    { members: { limit: PAYMENT_ATTEMPTS_MAX } },
  )
}

/** The seller has already reported another carrier or tracking number for this part. */
export function shipmentDiffers(): DomainError {
  return new DomainError(
    'shipment-differs',
    'This part was shipped with another carrier or tracking number; the buyer was told, so they cannot be changed',
  )
}

/** There is no such order, or it is someone else's. The answer does not say which. */
export function orderNotFound(): DomainError {
  return new DomainError('not-found', 'There is no such order')
}

/** The reasons for rejecting an order. */
export type RejectionReason = (typeof REJECTION_REASONS)[number]

const REJECTED = {
  OUT_OF_STOCK: { code: 'out-of-stock', detail: 'There is not enough in stock; nothing was reserved' },
  PRODUCT_GONE: { code: 'product-gone', detail: 'A product is no longer sold; nothing was reserved' },
  PRICE_CHANGED: {
    code: 'price-changed',
    detail: 'A price has changed; check the new price and place a new order',
  },
  RESERVATION_EXPIRED: {
    code: 'order-rejected',
    detail: 'The stock could not be held until the payment was made',
  },
  PAYMENT_NOT_MADE: { code: 'order-rejected', detail: 'The order was not paid in time' },
  NOT_COMPLETED_IN_TIME: {
    code: 'order-rejected',
    detail: 'The order could not be completed in time; nothing was charged',
  },
} as const satisfies Record<RejectionReason, { code: string; detail: string }>

/** The error that the buyer of a rejected order gets. */
export function rejected(reason: RejectionReason, members: Record<string, unknown>): DomainError {
  const { code, detail } = REJECTED[reason]
  return new DomainError(code, detail, { members })
}
