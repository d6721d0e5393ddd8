import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Session } from '@bazaar/shared/auth/admission'
import { newId } from '@bazaar/shared/database/columns'
import { type HttpWorld, serveWorld } from '../http-world.ts'
import { basketOf, createWorld, newOffer, type World } from '../world.ts'

/** More than may be placed at once. */
const SLOW_ORDERS = 20

let world: World
let http: HttpWorld
const asked = Promise.withResolvers<void>()
const answer = Promise.withResolvers<'authorised'>()
beforeAll(async () => {
  world = await createWorld()
  let waiting = 0
  const { provider } = world.deps
  world.deps.provider = {
    ...provider,
    // The other company takes as long as it likes over some cards.
    authorise: async (charge) => {
      const outcome = await provider.authorise(charge)
      if (charge.method !== 'tok_slow_0001') return outcome
      if (++waiting === SLOW_ORDERS) asked.resolve()
      return answer.promise
    },
  }
  http = await serveWorld(world)
})
afterAll(async () => {
  await http.stop()
  await world.close()
})

function place(buyer: Session, cardToken: string) {
  const body = { ...basketOf(newOffer(world), { cardToken }), addressId: newId() }
  return http.client.placeOrder({ session: buyer.token, idempotencyKey: newId(), body })
}

test('An order does not wait for those of others that wait for the payment provider', async () => {
  const impatient = http.login('BUYER')
  const slow = Array.from({ length: SLOW_ORDERS }, () => place(impatient, 'tok_slow_0001'))
  await asked.promise
  const other = await place(http.login('BUYER'), 'tok_visa_4242')
  expect(other.body.status).toBe('CONFIRMED')
  answer.resolve('authorised')
  const statuses = (await Promise.all(slow)).map(({ body }) => body.status)
  expect(new Set(statuses)).toEqual(new Set(['CONFIRMED']))
})
