import { afterEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import type { Session } from '@bazaar/shared/auth/admission'
import { newId } from '@bazaar/shared/database/columns'
import { refusal } from '@bazaar/shared/testing/refusal'
import { openServedWorld } from '../http-world.ts'
import { basketOf, newOffer, refused, type Shelf } from '../world.ts'

/* What buyers are answered whose order cannot be brought to its end, as they get it over HTTP. */

setDefaultTimeout(120_000)

const { world, http } = await openServedWorld()
afterEach(() => {
  world.shelf.before = () => undefined
})

const DECLINED = 'tok_declined_0002'

function place({ token }: Session, cardToken: string) {
  const body = basketOf(newOffer(world), { cardToken })
  return http.client.placeOrder({ session: token, idempotencyKey: newId(), body })
}

/** Inventory refuses a call from now on. */
function inventoryRefuses(refusedCall: Parameters<Shelf['before']>[0], code: string): void {
  world.shelf.before = (call) => {
    if (call === refusedCall) throw refused(code)
  }
}

test('POST /orders: the order is rejected when its stock could not be held until it was paid', async () => {
  inventoryRefuses('confirmReservation', 'reservation-expired')
  const answer = await refusal(place(http.login('BUYER'), 'tok_visa_4242'))
  expect(answer).toMatchObject({ status: 409, code: 'order-rejected' })
})

test('POST /orders: a buyer may have so many orders that are not paid, and no more', async () => {
  const buyer = http.login('BUYER')
  for (let orders = 0; orders < world.deps.config.unpaidOrdersMax; orders++) await place(buyer, DECLINED)
  expect(await refusal(place(buyer, DECLINED))).toMatchObject({ status: 409, code: 'too-many-unpaid-orders' })
})

/* Inventory holds what waits for its payment. It no longer does when the time is over, or when it was put back to an older state. */
describe('POST /orders/{orderId}/payments: the order is rejected when inventory says', () => {
  test.each([
    ['reservation-expired', 'order-rejected'],
    ['out-of-stock', 'out-of-stock'],
    ['product-gone', 'product-gone'],
    ['price-changed', 'price-changed'],
  ])('%s, and the buyer is told %s', async (said, code) => {
    const buyer = http.login('BUYER')
    const { body: order } = await place(buyer, DECLINED)
    inventoryRefuses('placeReservation', said)
    const request = { session: buyer.token, params: { orderId: order.id } }
    const payment = { type: 'CARD', cardToken: 'tok_visa_4242' } as const
    const paying = http.client.payOrder({ ...request, idempotencyKey: newId(), body: { payment } })
    expect(await refusal(paying)).toMatchObject({ status: 409, code })
    expect((await http.client.readOrder(request)).body.status).toBe('REJECTED')
  })
})
