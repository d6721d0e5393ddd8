import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import type { Session } from '@bazaar/shared/auth/admission'
import { newId } from '@bazaar/shared/database/columns'
import { cancelOrder } from '../src/cancelling/cancel-order.ts'
import { openServedWorld } from './http-world.ts'
import { basketOf, newOffer } from './world.ts'

setDefaultTimeout(120_000)

const { world, http } = await openServedWorld()

const openOf = async ({ token }: Session) =>
  (await http.client.listOpenOrders({ session: token })).body.orderIds

/** A buyer who orders one thing of a seller, paying with a card that works or with another. */
async function order({ cardToken = 'tok_visa_4242', seller = http.login('SELLER') } = {}) {
  const buyer = http.login('BUYER')
  const productId = newOffer(world, { sellerId: seller.userId })
  const { body } = await http.client.placeOrder({
    session: buyer.token,
    idempotencyKey: newId(),
    body: basketOf(productId, { cardToken }),
  })
  return { buyer, seller, orderId: body.id }
}

describe('GET /open-orders', () => {
  test('names a confirmed order to its buyer until it is sent, to its seller until it has arrived', async () => {
    const { buyer, seller, orderId } = await order()
    expect([await openOf(buyer), await openOf(seller)]).toEqual([[orderId], [orderId]])
    const sale = { session: seller.token, params: { orderId } }
    await http.client.shipSale({ ...sale, body: {} })
    expect([await openOf(buyer), await openOf(seller)]).toEqual([[], [orderId]])
    await http.client.deliverSale(sale)
    expect([await openOf(buyer), await openOf(seller)]).toEqual([[], []])
  })

  test.each([
    ['was declined', 'tok_declined_0002', 'AWAITING_PAYMENT'],
    ['is not decided', 'tok_timeout_0044', 'PENDING'],
  ] as const)('names an order whose payment %s to both', async (_, cardToken, status) => {
    const { buyer, seller, orderId } = await order({ cardToken })
    const { body } = await http.client.readOrder({ session: buyer.token, params: { orderId } })
    expect(body.status).toBe(status)
    expect([await openOf(buyer), await openOf(seller)]).toEqual([[orderId], [orderId]])
  })

  test('names a cancelled order to nobody', async () => {
    const { buyer, seller, orderId } = await order()
    await cancelOrder(world.deps, { buyer, key: newId(), orderId, cancel: {} })
    expect([await openOf(buyer), await openOf(seller)]).toEqual([[], []])
  })

  test('names the twenty oldest, and says that there are more', async () => {
    const seller = http.login('SELLER')
    const ids: string[] = []
    for (let number = 0; number <= 20; number++) ids.push((await order({ seller })).orderId)
    const { body } = await http.client.listOpenOrders({ session: seller.token })
    expect(body).toEqual({ orderIds: ids.slice(0, 20), more: true })
  })

  test('names nobody the orders of others', async () => {
    await order()
    expect([await openOf(http.login('BUYER')), await openOf(http.login('SELLER'))]).toEqual([[], []])
  })
})
