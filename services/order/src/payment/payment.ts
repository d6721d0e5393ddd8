import { PAYMENT_NEEDS, type PAYMENT_STATUSES, type PAYMENT_TYPES } from '@bazaar/shared/api/order'
import { DomainError } from '@bazaar/shared/problem'
import type { OrderStatus } from '../orders/moves.ts'

/** The ways to pay. */
export type PaymentType = (typeof PAYMENT_TYPES)[number]
/** The states of a payment. */
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number]
/** The states of a payment in its provider's books. */
export type ProviderState = 'AUTHORISED' | 'DECLINED' | 'CAPTURED' | 'VOIDED'

/** A buyer's choice of payment, as sent. */
export type PaymentChoice = { type: PaymentType; cardToken?: string; upiId?: string; bankCode?: string }
/** The payment method of an order: only what the provider needs to know, nothing that could be charged elsewhere. */
export type PaymentMethod = { type: PaymentType; method: string | null; lastFour: string | null }

/**
 * The payment method that a choice describes.
 * @throws {DomainError} payment-incomplete when a field that its type needs is missing, or another field is there.
 */
export function paymentMethod(choice: PaymentChoice): PaymentMethod {
  const needed = PAYMENT_NEEDS[choice.type]
  const errors = (['cardToken', 'upiId', 'bankCode'] as const).flatMap((field) => {
    const given = choice[field] !== undefined
    if (given === (field === needed)) return []
    return [{ pointer: `/payment/${field}`, code: given ? 'unexpected-property' : 'required' }]
  })
  if (errors.length > 0)
    throw new DomainError(
      'payment-incomplete',
      `For ${choice.type} ${needed ? `send ${needed} and nothing else` : 'send nothing else'}`,
      { errors },
    )
  const method = needed ? (choice[needed] ?? null) : null
  return { type: choice.type, method, lastFour: choice.type === 'CARD' ? (method?.slice(-4) ?? null) : null }
}

/** Whether money is set aside, taken or promised at the door, and has not been released. */
export function isMoneyHeld(status: PaymentStatus): boolean {
  return ['AUTHORISED', 'CAPTURED', 'DUE_ON_DELIVERY', 'COLLECTED'].includes(status)
}

/** Whether a provider has set money aside for us or has taken it, so that a cancellation gives some of it back. */
export function isPaid(status: PaymentStatus | undefined): boolean {
  return status === 'AUTHORISED' || status === 'CAPTURED'
}

/**
 * Whether a payment stands with its provider as we say. A payment whose outcome is unknown, or that is about to move,
 * may be ahead there; money at the door is none of a provider's business.
 */
export function isAsProviderSays(status: PaymentStatus, books: ProviderState | undefined): boolean {
  switch (status) {
    case 'CAPTURED':
      return books === 'CAPTURED'
    case 'AUTHORISED':
      return books !== undefined && books !== 'DECLINED'
    case 'DECLINED':
    case 'VOIDED':
      return books !== 'AUTHORISED' && books !== 'CAPTURED'
    case 'PENDING':
    case 'DUE_ON_DELIVERY':
    case 'COLLECTED':
      return true
  }
}

/** The work that the provider still has to do for a payment. */
export type PaymentWork = 'capture' | 'void' | 'refund' | 'none'

/**
 * The work due on a payment, given the state of its order and whether refunds are pending. Payments of failed orders
 * are voided, even if it is unknown whether they were ever authorised.
 */
export function paymentWork(
  payment: { status: PaymentStatus },
  order: { status: OrderStatus },
  refundsPending: boolean,
): PaymentWork {
  const dead = order.status === 'CANCELLED' || order.status === 'REJECTED'
  switch (payment.status) {
    case 'PENDING':
      return dead ? 'void' : 'none'
    case 'AUTHORISED':
      return dead ? 'void' : 'capture'
    case 'CAPTURED':
      return refundsPending ? 'refund' : 'none'
    case 'DUE_ON_DELIVERY':
    case 'DECLINED':
    case 'VOIDED':
    case 'COLLECTED':
      return 'none'
  }
}
