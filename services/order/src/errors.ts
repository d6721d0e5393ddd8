import { PAYMENT_ATTEMPTS_MAX, type REJECTION_REASONS } from '@bazaar/shared/api/order'
import { AMOUNT_MINOR_MAX } from '@bazaar/shared/api/schema'
import { DomainError } from '@bazaar/shared/problem'

/** The order is in a state in which this cannot be done. */
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
  return new DomainError('already-shipped', 'Cannot cancel what is already shipped; send it back instead', {
    members: { orderStatus: status },
  })
}

/** More was to be cancelled than is left of it. */
export function moreThanOrdered(): DomainError {
  return new DomainError('more-than-ordered', 'Cannot cancel more of a product than is left in the order', {
    errors: [{ pointer: '/lines', code: 'more-than-ordered' }],
  })
}

/** The order is worth more than any amount that can be charged, shown and given back. */
export function totalTooLarge(): DomainError {
  return new DomainError(
    'total-too-large',
    'Order less at a time: the total is more than one order may cost',
    {
      errors: [{ pointer: '/lines', code: 'total-too-large', limit: AMOUNT_MINOR_MAX }],
    },
  )
}

/** The payment was declined so often that this order cannot be paid any more. */
export function tooManyAttempts(): DomainError {
  return new DomainError(
    'too-many-payment-attempts',
    'This order cannot be paid any more: cancel it, and order again with another way to pay',
    { members: { limit: PAYMENT_ATTEMPTS_MAX } },
  )
}

/** The part was sent otherwise, as its seller said before. */
export function shipmentDiffers(): DomainError {
  return new DomainError(
    'shipment-differs',
    'This part was sent with another carrier or tracking number, which the buyer was told; they cannot be changed',
  )
}

/** There is no such order, or it is somebody else's: nobody is told which. */
export function orderNotFound(): DomainError {
  return new DomainError('not-found', 'There is no such order')
}

/** Why orders are rejected. */
export type RejectionReason = (typeof REJECTION_REASONS)[number]

const REJECTED = {
  OUT_OF_STOCK: { code: 'out-of-stock', detail: 'There is not enough in stock; nothing was reserved' },
  PRODUCT_GONE: { code: 'product-gone', detail: 'A product is no longer sold; nothing was reserved' },
  PRICE_CHANGED: {
    code: 'price-changed',
    detail: 'A price has changed since; look again and place a new order',
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

/** The refusal that a rejected order is answered with. */
export function rejected(reason: RejectionReason, members: Record<string, unknown>): DomainError {
  const { code, detail } = REJECTED[reason]
  return new DomainError(code, detail, { members })
}
