import { inSpan } from '@bazaar/shared/telemetry/spans'
import type { PaymentProvider } from './payment-provider.ts'

/** The payment provider, each of whose calls is a span; no amount, method or id is in it. */
export function providerWithSpans(provider: PaymentProvider): PaymentProvider {
  const call = <T>(operation: string, work: () => Promise<T>): Promise<T> =>
    inSpan(
      () => ({
        name: `${operation} payment`,
        kind: 'client',
        attributes: { 'bazaar.payment.provider': provider.name, 'bazaar.payment.operation': operation },
      }),
      work,
    )
  return {
    name: provider.name,
    authorise: (charge) => call('authorise', () => provider.authorise(charge)),
    capture: (charge) => call('capture', () => provider.capture(charge)),
    void: (charge) => call('void', () => provider.void(charge)),
    refund: (charge, refund) => call('refund', () => provider.refund(charge, refund)),
    statesOf: (paymentIds) => call('look up', () => provider.statesOf(paymentIds)),
  }
}
