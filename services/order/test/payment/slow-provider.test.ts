import { expect, test } from 'bun:test'
import type { Session } from '@bazaar/shared/auth/admission'
import { newId } from '@bazaar/shared/database/columns'
import { until } from '@bazaar/shared/testing/until'
import { holdCard } from '../hold-card.ts'
import { openServedWorld } from '../http-world.ts'
import { basketOf, newOffer } from '../world.ts'

/** More than may be placed at once. */
const SLOW_ORDERS = 20
const SLOW_CARD = 'tok_slow_0001'

const { world, http } = await openServedWorld()
const provider = holdCard(world, SLOW_CARD)

function place(buyer: Session, cardToken: string) {
  const body = { ...basketOf(newOffer(world), { cardToken }), addressId: newId() }
  return http.client.placeOrder({ session: buyer.token, idempotencyKey: newId(), body })
}

test('An order does not wait for those of others that wait for the payment provider', async () => {
  const impatient = http.login('BUYER')
  const slow = Array.from({ length: SLOW_ORDERS }, () => place(impatient, SLOW_CARD))
  await until('the provider is asked', () => provider.held() === SLOW_ORDERS)
  const other = await place(http.login('BUYER'), 'tok_visa_4242')
  expect(other.body.status).toBe('CONFIRMED')
  provider.answer()
  const statuses = (await Promise.all(slow)).map(({ body }) => body.status)
  expect(new Set(statuses)).toEqual(new Set(['CONFIRMED']))
})
