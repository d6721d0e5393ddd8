import { describe, expect, test } from 'bun:test'
import { DependencyUnavailable } from '@bazaar/shared/problem'
import {
  eachOf,
  eventually,
  inventory,
  newKey,
  newPerson,
  newProduct,
  orders,
  place,
  refusal,
  stockOf,
} from './world.ts'

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

    const { body: list } = await orders.listOrders({ session: buyer.session })
    expect(list.items.map((one) => one.id)).toEqual([order.id])
    const { body: history } = await orders.readHistory({
      session: buyer.session,
      params: { orderId: order.id },
    })
    expect(history.items.map((event) => event.type).slice(0, 2)).toEqual(['PLACED', 'CONFIRMED'])
    const paid = await eventually(
      async () =>
        (await orders.readPayment({ session: buyer.session, params: { orderId: order.id } })).body.payment,
      (payment) => payment.status === 'CAPTURED',
    )
    expect(paid.amountMinor).toBe(1_000)
  })

  test('over two sellers gives each his part, sent and delivered on its own', async () => {
    const { anna, bert, buyer, cup, pot } = await market()
    const { body: order } = await place(buyer, [
      { productId: cup, quantity: 3 },
      { productId: pot, quantity: 1 },
    ])
    expect(order.parts.map((part) => part.sellerId).sort()).toEqual([anna.id, bert.id].sort())
    const params = { orderId: order.id }
    const { body: sale } = await orders.readSale({ session: anna.session, params })
    expect(sale).toMatchObject({
      status: 'AWAITING_SHIPMENT',
      subtotalMinor: 1_500,
      lines: [{ productId: cup }],
    })
    expect((await orders.listSales({ session: bert.session })).body.items).toMatchObject([
      { orderId: order.id, subtotalMinor: 2_000 },
    ])

    const status = async () => (await orders.readOrder({ session: buyer.session, params })).body.status
    expect(await refusal(orders.deliverSale({ session: anna.session, params }))).toBe(
      '409 illegal-transition',
    )
    await orders.shipSale({
      session: anna.session,
      params,
      body: { carrier: 'DHL', trackingNumber: '00340434' },
    })
    expect(await status()).toBe('PARTIALLY_SHIPPED')
    const { body: again } = await orders.shipSale({ session: anna.session, params, body: { carrier: 'UPS' } })
    expect(again).toMatchObject({ status: 'SHIPPED', carrier: 'DHL' })
    await orders.shipSale({ session: bert.session, params, body: {} })
    expect(await status()).toBe('SHIPPED')
    await orders.deliverSale({ session: anna.session, params })
    await orders.deliverSale({ session: bert.session, params })
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
    await inventory.archiveProduct({ session: anna.session, params: { productId: cup } })
    expect(await refusal(place(buyer, [{ productId: cup, quantity: 1 }]))).toBe('409 product-gone')
    expect(await refusal(place(buyer, [{ productId: newKey(), quantity: 1 }]))).toBe('422 unknown-product')
    const basket = {
      lines: [{ productId: pot, quantity: 1 }],
      addressId: buyer.addressId,
      payment: { type: 'CASH_ON_DELIVERY' },
    } as const
    const place1 = (body: object) =>
      orders.placeOrder({
        session: buyer.session,
        idempotencyKey: newKey(),
        body: { ...basket, lines: [...basket.lines], ...body },
      })
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
    for (const answer of answers) {
      if (answer.status === 'rejected')
        expect(answer.reason).toMatchObject({ status: 409, code: 'idempotency-key-in-use' })
    }
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
    const params = { orderId: order.id }
    const { session } = await newPerson('BUYER')
    const { session: seller } = await newPerson('SELLER')
    expect(await refusal(orders.readOrder({ session, params }))).toBe('404 not-found')
    expect(await refusal(orders.readHistory({ session, params }))).toBe('404 not-found')
    expect(await refusal(orders.readPayment({ session, params }))).toBe('404 not-found')
    expect(await refusal(orders.cancelOrder({ session, params, idempotencyKey: newKey(), body: {} }))).toBe(
      '404 not-found',
    )
    expect(await refusal(orders.readSale({ session: seller, params }))).toBe('404 not-found')
    expect(await refusal(orders.shipSale({ session: seller, params, body: {} }))).toBe('404 not-found')
    expect(await refusal(orders.shipSale({ session, params, body: {} }))).toBe('403 forbidden')
  })
})

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
    const params = { orderId: order.id }
    const pay = (upiId: string) =>
      orders.payOrder({
        session: buyer.session,
        params,
        idempotencyKey: newKey(),
        body: { payment: { type: 'UPI', upiId } },
      })
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
    await orders.cancelOrder({
      session: buyer.session,
      params: { orderId: order.id },
      idempotencyKey: newKey(),
      body: {},
    })
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
    const read = async () =>
      (await orders.readOrder({ session: buyer.session, params: { orderId: order.id } })).body
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
      const { body: order } = await orders.placeOrder({
        session: buyer.session,
        idempotencyKey: newKey(),
        body: { lines: [{ productId: cup, quantity: 1 }], addressId: buyer.addressId, payment },
      })
      const params = { orderId: order.id }
      const details = async () =>
        (await orders.readPayment({ session: buyer.session, params })).body.payment.status
      await eventually(details, (seen) => seen === status)
      await orders.shipSale({ session: anna.session, params, body: {} })
      await orders.deliverSale({ session: anna.session, params })
      expect(await details()).toBe(payment.type === 'CASH_ON_DELIVERY' ? 'COLLECTED' : 'CAPTURED')
    }
  })
})

test('of a hundred buyers who ask at once for a product with ten left exactly ten get it', async () => {
  const seller = await newPerson('SELLER')
  const productId = await newProduct(seller, { name: 'The last ten', stockCount: 10 })
  const buyers = await eachOf(Array.from({ length: 100 }), 8, () => newPerson('BUYER'))
  const outcomes = await Promise.all(buyers.map((buyer) => attempt(buyer, productId)))
  expect(outcomes.filter((outcome) => outcome === 'confirmed')).toHaveLength(10)
  expect(outcomes.filter((outcome) => outcome === '409 out-of-stock')).toHaveLength(90)
  expect(await stockOf(productId)).toBe(0)
}, 120_000)

/** Asks with the same key until the outcome is certain, as a client should. */
async function attempt(buyer: Awaited<ReturnType<typeof newPerson>>, productId: string): Promise<string> {
  const key = newKey()
  return eventually(
    async () => {
      try {
        const { status } = await place(buyer, [{ productId, quantity: 1 }], { key })
        return status === 201 ? 'confirmed' : 'unknown'
      } catch (error) {
        if (error instanceof DependencyUnavailable) return 'unknown'
        const outcome = await refusal(Promise.reject(error))
        return outcome === '409 idempotency-key-in-use' ? 'unknown' : outcome
      }
    },
    (outcome) => outcome !== 'unknown',
  )
}

/** Two sellers with ten cups and four pots, and a buyer. */
async function market() {
  const [anna, bert, buyer] = await Promise.all([
    newPerson('SELLER', 'Anna'),
    newPerson('SELLER', 'Bert'),
    newPerson('BUYER'),
  ])
  const [cup, pot] = await Promise.all([
    newProduct(anna, { name: 'Cup', priceMinor: 500, stockCount: 10 }),
    newProduct(bert, { name: 'Pot', priceMinor: 2_000, stockCount: 4 }),
  ])
  return { anna, bert, buyer, cup, pot }
}
