import { describe, expect, test } from 'bun:test'
import { bazaarOf, eventually, market, newKey, place, refusal, stockOf } from './world.ts'

describe('a payment', () => {
  test('that is declined keeps the order and its stock until another way to pay works', async () => {
    const { buyer, cup } = await market()
    const { status, body: order } = await place(buyer, [{ productId: cup, quantity: 2 }], {
      cardToken: 'tok_declined_0002',
    })
    expect(status).toBe(201)
    expect(order).toMatchObject({ status: 'AWAITING_PAYMENT', payment: { status: 'DECLINED' } })
    expect(order.payBy).not.toBeNull()
    expect(await stockOf(cup)).toBe(8)
    const ofOrder = { orderId: order.id }
    const pay = (upiId: string) =>
      bazaarOf(buyer).order.payOrder({ ...ofOrder, payment: { type: 'UPI', upiId } })
    const { body: paid } = await pay('ada@upi')
    expect(paid).toMatchObject({ status: 'CONFIRMED', payment: { type: 'UPI' } })
    expect(await refusal(pay('ada@upi'))).toBe('409 illegal-transition')
    expect(await stockOf(cup)).toBe(8)
  })

  test('that was declined and is cancelled gives the stock back', async () => {
    const { buyer, cup } = await market()
    const { body: order } = await place(buyer, [{ productId: cup, quantity: 2 }], {
      cardToken: 'tok_declined_0002',
    })
    await bazaarOf(buyer).order.cancelOrder({ orderId: order.id })
    await eventually(
      () => stockOf(cup),
      (stock) => stock === 10,
    )
  })

  test('whose answer comes too late is 202, and the order is completed without the buyer', async () => {
    const { buyer, cup } = await market()
    const key = newKey()
    const { status, body: order } = await place(buyer, [{ productId: cup, quantity: 1 }], {
      key,
      cardToken: 'tok_timeout_0044',
    })
    expect(status).toBe(202)
    expect(order.status).toBe('PENDING')
    const read = async () => (await bazaarOf(buyer).order.readOrder({ orderId: order.id })).body
    const completed = await eventually(read, (one) => one.status !== 'PENDING')
    expect(completed.status).toBe('CONFIRMED')
    const again = await place(buyer, [{ productId: cup, quantity: 1 }], {
      key,
      cardToken: 'tok_timeout_0044',
    })
    expect([again.status, again.body.id]).toEqual([201, order.id])
    expect(await stockOf(cup)).toBe(9)
  })

  test('in cash is collected when everything is delivered', async () => {
    const { anna, buyer, cup } = await market()
    const payments = [
      [{ type: 'CASH_ON_DELIVERY' }, 'DUE_ON_DELIVERY'],
      [{ type: 'NET_BANKING', bankCode: 'HDFC' }, 'CAPTURED'],
    ] as const
    for (const [payment, status] of payments) {
      const { body: order } = await bazaarOf(buyer).order.placeOrder({
        lines: [{ productId: cup, quantity: 1 }],
        addressId: buyer.addressId,
        payment,
      })
      const ofOrder = { orderId: order.id }
      const details = async () => (await bazaarOf(buyer).order.readPayment(ofOrder)).body.payment.status
      await eventually(details, (seen) => seen === status)
      await bazaarOf(anna).order.shipSale(ofOrder)
      await bazaarOf(anna).order.deliverSale(ofOrder)
      expect(await details()).toBe(payment.type === 'CASH_ON_DELIVERY' ? 'COLLECTED' : 'CAPTURED')
    }
  })
})
