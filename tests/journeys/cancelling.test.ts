import { describe, expect, test } from 'bun:test'
import { bazaarOf, eventually, market, newKey, place, refusal, stockOf } from './world.ts'

/* Through the client that programs of others install. */

describe('a cancellation', () => {
  test('puts the stock back over RabbitMQ, refunds, and the order shows when', async () => {
    const { buyer, cup, pot } = await market()
    const { body: placed } = await place(buyer, [
      { productId: cup, quantity: 4 },
      { productId: pot, quantity: 2 },
    ])
    expect([await stockOf(cup), await stockOf(pot)]).toEqual([6, 2])
    const { order } = bazaarOf(buyer)
    const orderId = placed.id
    const { body: cancelled } = await order.cancelOrder({ orderId, reason: 'Found a nicer one' })
    expect(cancelled).toMatchObject({
      status: 'CANCELLED',
      payableMinor: 0,
      cancellations: [{ reason: 'Found a nicer one' }],
    })

    const read = async () => (await order.readOrder({ orderId })).body
    const restored = await eventually(read, (one) =>
      one.cancellations.every(({ stockRestoredAt }) => stockRestoredAt !== null),
    )
    expect(restored.status).toBe('CANCELLED')
    expect([await stockOf(cup), await stockOf(pot)]).toEqual([10, 4])
    const money = await eventually(
      async () => (await order.readPayment({ orderId })).body,
      (one) => one.refunds.every((refund) => refund.status === 'REFUNDED'),
    )
    expect(money.refunds.map((refund) => refund.amountMinor)).toEqual([6_000])
    const { body: history } = await order.readHistory({ orderId })
    expect(history.items.map((event) => event.type)).toContain('STOCK_RESTORED')
  })

  test('of some lines gives back just those', async () => {
    const { buyer, cup, pot } = await market()
    const { body: order } = await place(buyer, [
      { productId: cup, quantity: 4 },
      { productId: pot, quantity: 2 },
    ])
    const some = (quantity: number) =>
      bazaarOf(buyer).order.cancelOrder({ orderId: order.id, lines: [{ productId: cup, quantity }] })
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
    const { body: placed } = await place(buyer, [{ productId: cup, quantity: 5 }])
    const { order } = bazaarOf(buyer)
    const one = { orderId: placed.id }
    const key = { idempotencyKey: newKey() }
    const answers = await Promise.all([
      order.cancelOrder(one, key),
      order.cancelOrder(one, key),
      order.cancelOrder(one, { idempotencyKey: newKey() }),
    ])
    for (const { body } of answers) expect(body).toMatchObject({ status: 'CANCELLED', cancellations: [{}] })
    await eventually(
      async () => (await order.readOrder(one)).body.cancellations,
      (cancellations) => cancellations.every(({ stockRestoredAt }) => stockRestoredAt !== null),
    )
    expect(await stockOf(cup)).toBe(10)
  })

  test('of a shipped order is refused', async () => {
    const { anna, buyer, cup } = await market()
    const { body: order } = await place(buyer, [{ productId: cup, quantity: 1 }])
    const one = { orderId: order.id }
    await bazaarOf(anna).order.shipSale(one)
    expect(await refusal(bazaarOf(buyer).order.cancelOrder(one))).toBe('409 already-shipped')
    expect(await stockOf(cup)).toBe(9)
  })

  test('and a shipment at the same moment: one of the two wins', async () => {
    const { anna, buyer, cup } = await market()
    for (let round = 0; round < 5; round++) {
      const { body: order } = await place(buyer, [{ productId: cup, quantity: 1 }])
      const one = { orderId: order.id }
      const outcomes = await Promise.allSettled([
        bazaarOf(buyer).order.cancelOrder(one),
        bazaarOf(anna).order.shipSale(one),
      ])
      expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1)
    }
  })
})
