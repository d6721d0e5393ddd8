import { describe, expect, test } from 'bun:test'
import { eventually, market, newKey, orders, place, refusal, stockOf } from './world.ts'

describe('a cancellation', () => {
  test('puts the stock back over RabbitMQ, refunds, and the order shows when', async () => {
    const { buyer, cup, pot } = await market()
    const { body: order } = await place(buyer, [
      { productId: cup, quantity: 4 },
      { productId: pot, quantity: 2 },
    ])
    expect([await stockOf(cup), await stockOf(pot)]).toEqual([6, 2])
    const params = { orderId: order.id }
    const { body: cancelled } = await orders.cancelOrder({
      session: buyer.session,
      params,
      idempotencyKey: newKey(),
      body: { reason: 'Found a nicer one' },
    })
    expect(cancelled).toMatchObject({
      status: 'CANCELLED',
      payableMinor: 0,
      cancellations: [{ reason: 'Found a nicer one' }],
    })

    const read = async () => (await orders.readOrder({ session: buyer.session, params })).body
    const restored = await eventually(read, (one) =>
      one.cancellations.every(({ stockRestoredAt }) => stockRestoredAt !== null),
    )
    expect(restored.status).toBe('CANCELLED')
    expect([await stockOf(cup), await stockOf(pot)]).toEqual([10, 4])
    const money = await eventually(
      async () => (await orders.readPayment({ session: buyer.session, params })).body,
      (one) => one.refunds.every((refund) => refund.status === 'REFUNDED'),
    )
    expect(money.refunds.map((refund) => refund.amountMinor)).toEqual([6_000])
    const { body: history } = await orders.readHistory({ session: buyer.session, params })
    expect(history.items.map((event) => event.type)).toContain('STOCK_RESTORED')
  })

  test('of some lines gives back just those', async () => {
    const { buyer, cup, pot } = await market()
    const { body: order } = await place(buyer, [
      { productId: cup, quantity: 4 },
      { productId: pot, quantity: 2 },
    ])
    const params = { orderId: order.id }
    const some = (quantity: number) =>
      orders.cancelOrder({
        session: buyer.session,
        params,
        idempotencyKey: newKey(),
        body: { lines: [{ productId: cup, quantity }] },
      })
    const { body: after } = await some(3)
    expect(after).toMatchObject({ status: 'CONFIRMED', payableMinor: 500 + 4_000 })
    expect(await refusal(some(2))).toBe('409 more-than-ordered')
    await eventually(
      () => stockOf(cup),
      (stock) => stock === 9,
    )
    expect(await stockOf(pot)).toBe(2)
  })

  test('repeated restores once, with the same key and with another', async () => {
    const { buyer, cup } = await market()
    const { body: order } = await place(buyer, [{ productId: cup, quantity: 5 }])
    const call = { session: buyer.session, params: { orderId: order.id }, idempotencyKey: newKey(), body: {} }
    const answers = await Promise.all([
      orders.cancelOrder(call),
      orders.cancelOrder(call),
      orders.cancelOrder({ ...call, idempotencyKey: newKey() }),
    ])
    for (const { body } of answers) expect(body).toMatchObject({ status: 'CANCELLED', cancellations: [{}] })
    await eventually(
      async () => (await orders.readOrder(call)).body.cancellations,
      (cancellations) => cancellations.every((one) => one.stockRestoredAt !== null),
    )
    expect(await stockOf(cup)).toBe(10)
  })

  test('of a shipped order is refused', async () => {
    const { anna, buyer, cup } = await market()
    const { body: order } = await place(buyer, [{ productId: cup, quantity: 1 }])
    const params = { orderId: order.id }
    await orders.shipSale({ session: anna.session, params, body: {} })
    expect(
      await refusal(
        orders.cancelOrder({ session: buyer.session, params, idempotencyKey: newKey(), body: {} }),
      ),
    ).toBe('409 already-shipped')
    expect(await stockOf(cup)).toBe(9)
  })

  test('and a shipment at the same moment: one of the two wins', async () => {
    const { anna, buyer, cup } = await market()
    for (let round = 0; round < 5; round++) {
      const { body: order } = await place(buyer, [{ productId: cup, quantity: 1 }])
      const params = { orderId: order.id }
      const outcomes = await Promise.allSettled([
        orders.cancelOrder({ session: buyer.session, params, idempotencyKey: newKey(), body: {} }),
        orders.shipSale({ session: anna.session, params, body: {} }),
      ])
      expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1)
    }
  })
})
