/** A payment as its provider sees it. Its id is the idempotency key of every call about it. */
export type Charge = { paymentId: string; method: string | null; amountMinor: number; currency: string }

import type { ProviderState } from './payment.ts'

/**
 * A company that moves money. Every call may be repeated: the provider acts once and gives the same answer again.
 * `authorise` sets the money aside, `capture` takes it, `void` releases it for good, `refund` gives back some of what
 * was captured. If a payment is voided that the provider never heard of, it can never be authorised. Of a capture and
 * a void the first one wins, and both answers tell which it was. `statesOf` tells how payments stand; those that the
 * provider never heard of are left out.
 *
 * All throw {DependencyUnavailable} when the outcome is unknown; then the same call must be made again.
 */
export type PaymentProvider = {
  name: string
  authorise(charge: Charge): Promise<'authorised' | 'declined'>
  capture(charge: Charge): Promise<'captured' | 'voided'>
  void(charge: Charge): Promise<'captured' | 'voided'>
  refund(charge: Charge, refund: { id: string; amountMinor: number }): Promise<void>
  statesOf(paymentIds: readonly string[]): Promise<ReadonlyMap<string, ProviderState>>
}
