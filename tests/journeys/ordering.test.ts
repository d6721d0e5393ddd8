import { describe, expect, test } from 'bun:test'
import { problemOf } from '@bazaar/client'
import { bazaarOf, eventually, isBusy, market, newKey, newPerson, place, refusal, stockOf } from './world.ts'

describe('an order', () => {
  test('of one product is confirmed, takes the stock and is in the history', async () => {
    const { anna, buyer, cup } = await market()
    const { status, body: order, headers } = await place(buyer, [{ productId: cup, quantity: 2 }])
    expect(status).toBe(201)
    expect(headers.get('location')).toBe(`/orders/${order.id}`)
    expect(order).toMatchObject({
      status: 'CONFIRMED',
      totalMinor: 1_000,
      currency: 'EUR',
      shipTo: { city: 'London' },
      lines: [{ productId: cup, sellerId: anna.id, name: 'Cup', unitPriceMinor: 500, quantity: 2 }],
      payment: { type: 'CARD', lastFour: '4242' },
    })
    expect(await stockOf(cup)).toBe(8)

    const { body: list } = await bazaarOf(buyer).order.listOrders()
    expect(list.items.map((one) => one.id)).toEqual([order.id])
    const { body: history } = await bazaarOf(buyer).order.readHistory({ orderId: order.id })
    expect(history.items.map((event) => event.type).slice(0, 2)).toEqual(['PLACED', 'CONFIRMED'])
    const paid = await eventually(
      async () => (await bazaarOf(buyer).order.readPayment({ orderId: order.id })).body.payment,
      (payment) => payment.status === 'CAPTURED',
    )
    expect(paid.amountMinor).toBe(1_000)
  })

  test('over two sellers gives each their part, sent and delivered on its own', async () => {
    const { anna, bert, buyer, cup, pot } = await market()
    const { body: order } = await place(buyer, [
      { productId: cup, quantity: 3 },
      { productId: pot, quantity: 1 },
    ])
    expect(order.parts.map((part) => part.sellerId).sort()).toEqual([anna.id, bert.id].sort())
    const ofOrder = { orderId: order.id }
    const { body: sale } = await bazaarOf(anna).order.readSale(ofOrder)
    expect(sale).toMatchObject({
      status: 'AWAITING_SHIPMENT',
      subtotalMinor: 1_500,
      lines: [{ productId: cup }],
    })
    expect((await bazaarOf(bert).order.listSales()).body.items).toMatchObject([
      { orderId: order.id, subtotalMinor: 2_000 },
    ])

    const status = async () => (await bazaarOf(buyer).order.readOrder(ofOrder)).body.status
    expect(await refusal(bazaarOf(anna).order.deliverSale(ofOrder))).toBe('409 illegal-transition')
    await bazaarOf(anna).order.shipSale({ ...ofOrder, carrier: 'DHL', trackingNumber: '00340434' })
    expect(await status()).toBe('PARTIALLY_SHIPPED')
    const { body: again } = await bazaarOf(anna).order.shipSale({ ...ofOrder, carrier: 'DHL' })
    expect(again).toMatchObject({ status: 'SHIPPED', carrier: 'DHL', trackingNumber: '00340434' })
    const other = bazaarOf(anna).order.shipSale({ ...ofOrder, carrier: 'UPS' })
    expect(await refusal(other)).toBe('409 shipment-differs')
    await bazaarOf(bert).order.shipSale(ofOrder)
    expect(await status()).toBe('SHIPPED')
    await bazaarOf(anna).order.deliverSale(ofOrder)
    await bazaarOf(bert).order.deliverSale(ofOrder)
    expect(await status()).toBe('DELIVERED')
  })

  test('for more than there is is refused, and nothing is taken', async () => {
    const { buyer, cup, pot } = await market()
    const basket = [
      { productId: pot, quantity: 1 },
      { productId: cup, quantity: 11 },
    ]
    const key = newKey()
    expect(await refusal(place(buyer, basket, { key }))).toBe('409 out-of-stock')
    expect(await refusal(place(buyer, basket, { key }))).toBe('409 out-of-stock')
    expect([await stockOf(cup), await stockOf(pot)]).toEqual([10, 4])
  })

  test('of something archived, unknown or dearer than shown is refused', async () => {
    const { anna, buyer, cup, pot } = await market()
    await bazaarOf(anna).inventory.archiveProduct({ productId: cup })
    expect(await refusal(place(buyer, [{ productId: cup, quantity: 1 }]))).toBe('409 product-gone')
    expect(await refusal(place(buyer, [{ productId: newKey(), quantity: 1 }]))).toBe('422 unknown-product')
    const basket = {
      lines: [{ productId: pot, quantity: 1 }],
      addressId: buyer.addressId,
      payment: { type: 'CASH_ON_DELIVERY' },
    } as const
    const place1 = (body: object) =>
      bazaarOf(buyer).order.placeOrder({ ...basket, lines: [...basket.lines], ...body })
    expect(await refusal(place1({ expectedTotalMinor: 1_999 }))).toBe('409 price-changed')
    expect(await refusal(place1({ addressId: newKey() }))).toBe('422 unknown-address')
    expect(await refusal(place1({ payment: { type: 'CARD' } }))).toBe('422 payment-incomplete')
    expect(await stockOf(pot)).toBe(4)
  })

  test('repeated with its key is the same order, also fifty times at once', async () => {
    const { buyer, cup } = await market()
    const key = newKey()
    const answers = await Promise.allSettled(
      Array.from({ length: 50 }, () => place(buyer, [{ productId: cup, quantity: 1 }], { key })),
    )
    const placed = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value.body.id] : []))
    expect(placed.length).toBeGreaterThan(0)
    expect(new Set(placed).size).toBe(1)
    // A busy machine may also ask some callers to come back, or refuse them promptly; the order stays the same one.
    for (const answer of answers) {
      if (answer.status === 'fulfilled' || isBusy(answer.reason)) continue
      expect(problemOf(answer.reason)?.code).toBe('idempotency-key-in-use')
    }
    // On one it may not have been settled yet; then this does it.
    await place(buyer, [{ productId: cup, quantity: 1 }], { key })
    expect(await stockOf(cup)).toBe(9)
    const replayed = await place(buyer, [{ productId: cup, quantity: 1 }], { key })
    expect(replayed.headers.get('idempotent-replayed')).toBe('true')
    expect(await refusal(place(buyer, [{ productId: cup, quantity: 2 }], { key }))).toBe(
      '422 idempotency-key-reused',
    )
  })

  test('is nobody else’s to read, cancel or ship', async () => {
    const { buyer, cup } = await market()
    const { body: order } = await place(buyer, [{ productId: cup, quantity: 1 }])
    const ofOrder = { orderId: order.id }
    const { session } = await newPerson('BUYER')
    const { session: seller } = await newPerson('SELLER')
    expect(await refusal(bazaarOf({ session }).order.readOrder(ofOrder))).toBe('404 not-found')
    expect(await refusal(bazaarOf({ session }).order.readHistory(ofOrder))).toBe('404 not-found')
    expect(await refusal(bazaarOf({ session }).order.readPayment(ofOrder))).toBe('404 not-found')
    expect(await refusal(bazaarOf({ session }).order.cancelOrder(ofOrder))).toBe('404 not-found')
    expect(await refusal(bazaarOf({ session: seller }).order.readSale(ofOrder))).toBe('404 not-found')
    expect(await refusal(bazaarOf({ session: seller }).order.shipSale(ofOrder))).toBe('404 not-found')
    expect(await refusal(bazaarOf({ session }).order.shipSale(ofOrder))).toBe('403 forbidden')
  })
})
