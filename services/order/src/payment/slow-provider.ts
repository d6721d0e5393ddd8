import type { PaymentProvider } from './payment-provider.ts'

/** A provider that answers within this time does not hold up other orders. */
const SLOW_MS = 100

/**
 * The payment provider for an order that has a place among those being placed: if an answer takes long, `leave` gives
 * the place to the next order. Otherwise a few slow payments would stop the shop for everybody.
 */
export function leavingWhenSlow(provider: PaymentProvider, leave: () => void): PaymentProvider {
  return {
    ...provider,
    async authorise(charge) {
      const timer = setTimeout(leave, SLOW_MS)
      try {
        return await provider.authorise(charge)
      } finally {
        clearTimeout(timer)
      }
    },
  }
}
