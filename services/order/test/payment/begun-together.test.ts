import { expect, test } from 'bun:test'
import { newId } from '@bazaar/shared/database/columns'
import { DependencyUnavailable } from '@bazaar/shared/problem'
import type { Charge } from '../../src/payment/payment-provider.ts'
import { openWorld } from '../world.ts'

/* The sandbox begins payments together that are asked for together; each has an answer of its own. */

const world = await openWorld()

const chargeOf = (method: string): Charge => ({
  paymentId: newId(),
  amountMinor: 100,
  currency: 'EUR',
  method,
})

test('payments that are begun together are each authorised, declined or answered too late', async () => {
  const begunBefore = chargeOf('tok_visa_4242')
  const { provider } = world.deps
  await provider.authorise(begunBefore)
  const charges = [
    begunBefore,
    ...['tok_visa_1', 'tok_declined_1', 'tok_timeout_1', 'tok_visa_2'].map(chargeOf),
  ]
  const first = await Promise.allSettled(charges.map((charge) => provider.authorise(charge)))
  expect(first.map((one) => (one.status === 'fulfilled' ? one.value : one.reason))).toEqual([
    'authorised',
    'authorised',
    'declined',
    expect.any(DependencyUnavailable),
    'authorised',
  ])
  const again = await Promise.all(charges.map((charge) => provider.authorise(charge)))
  expect(again).toEqual(['authorised', 'authorised', 'declined', 'authorised', 'authorised'])
})
