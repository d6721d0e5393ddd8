/** A payment as its provider is told about it. Its id is the key under which anything is done once. */
export type Charge = { paymentId: string; method: string | null; amountMinor: number; currency: string }

/**
 * A company that moves money. Every call may be repeated: the provider does it once and answers the same
 * again. `authorise` sets the money aside, `capture` takes it, `void` lets go of it for good (also of a payment
 * it never heard of, which is then never authorised), `refund` gives some of what was captured back. Of a capture
 * and a void the first wins, and both answer which it was.
 *
 * All throw {DependencyUnavailable} when the outcome is not known; then the same call must be made again.
 */
export type PaymentProvider = {
  name: string
  authorise(charge: Charge): Promise<'authorised' | 'declined'>
  capture(charge: Charge): Promise<'captured' | 'voided'>
  void(charge: Charge): Promise<'captured' | 'voided'>
  refund(charge: Charge, refund: { id: string; amountMinor: number }): Promise<void>
}
