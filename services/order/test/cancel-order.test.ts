import { describe, expect, test } from 'bun:test'
import { newId } from '@bazaar/shared/database/columns'
import { cancelOrder } from '../src/cancelling/cancel-order.ts'
import { noteStockReleased } from '../src/cancelling/note-stock-released.ts'
import { payOrder } from '../src/payment/pay-order.ts'
import { workPayments } from '../src/payment/work-payments.ts'
import { placeOrder } from '../src/placing/place-order.ts'
import { deliverSale, shipSale } from '../src/sales/move-sale.ts'
import { orderView } from '../src/views.ts'
import {
  basketOf,
  booksOf,
  codeOf,
  eventsOf,
  messagesOf,
  newOffer,
  newSession,
  openWorld,
  orderOf,
  payUp,
  placed,
  releasedMessage,
} from './world.ts'

const world = await openWorld()

describe('cancelOrder()', () => {
  test('changes the order, writes one message and refunds once, however often it is said', async () => {
    const buyer = newSession()
    const order = await placed(world, { buyer, quantity: 3 })
    const call = { buyer, key: newId(), orderId: order.id, cancel: { reason: 'Too many' } }
    const answers = await Promise.all([1, 2, 3].map(() => cancelOrder(world.deps, call)))
    await cancelOrder(world.deps, { ...call, key: newId() })
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1)
    const [message, ...more] = await messagesOf(world, order.id)
    expect(more).toEqual([])
    expect(message).toMatchObject({
      data: { orderId: order.id, reason: 'Too many', lines: [{ quantity: 3 }] },
    })
    await Promise.all([workPayments(world.deps), workPayments(world.deps)])
    await payUp(world)
    const [payment] = (await orderOf(world, order.id)).payments
    expect(await booksOf(world, payment?.id ?? '')).toEqual({ state: 'CAPTURED', refundedMinor: [1_500] })
  })

  test('takes part out of an order whose payment was declined, and the rest is to be paid', async () => {
    const buyer = newSession()
    const productId = newOffer(world, { priceMinor: 1_000 })
    const basket = basketOf(productId, { quantity: 3, cardToken: 'tok_declined_0002' })
    const { body } = await placeOrder(world.deps, { buyer, key: newId(), basket })
    expect(body.status).toBe('AWAITING_PAYMENT')
    const cancel = { lines: [{ productId, quantity: 1 }] }
    const cancelled = await cancelOrder(world.deps, { buyer, key: newId(), orderId: body.id, cancel })
    expect(cancelled).toMatchObject({
      status: 200,
      body: { status: 'AWAITING_PAYMENT', payableMinor: 2_000 },
    })
    const payment = { type: 'UPI', upiId: 'ada@upi' } as const
    await payOrder(world.deps, { buyer, key: newId(), orderId: body.id, payment })
    await payUp(world)
    const order = await orderOf(world, body.id)
    expect(order.status).toBe('CONFIRMED')
    expect(order.payments[0]).toMatchObject({ status: 'CAPTURED', amountMinor: 2_000 })
    expect(order.refunds).toEqual([])
  })

  test('before the money was taken lets go of it instead', async () => {
    const buyer = newSession()
    const { body } = await placeOrder(world.deps, { buyer, key: newId(), basket: basketOf(newOffer(world)) })
    await cancelOrder(world.deps, { buyer, key: newId(), orderId: body.id, cancel: {} })
    await payUp(world)
    const order = await orderOf(world, body.id)
    expect(order.payments).toMatchObject([{ status: 'VOIDED' }])
    expect(order.refunds).toMatchObject([{ status: 'RELEASED', refundedAt: null }])
    expect(await booksOf(world, order.payments[0]?.id ?? '')).toEqual({ state: 'VOIDED', refundedMinor: [] })
  })

  test('and the capture at the same moment leave no money behind', async () => {
    for (let round = 0; round < 10; round++) {
      const buyer = newSession()
      const { body } = await placeOrder(world.deps, {
        buyer,
        key: newId(),
        basket: basketOf(newOffer(world)),
      })
      await Promise.all([
        workPayments(world.deps),
        cancelOrder(world.deps, { buyer, key: newId(), orderId: body.id, cancel: {} }),
      ])
      await payUp(world)
      const order = await orderOf(world, body.id)
      const books = await booksOf(world, order.payments[0]?.id ?? '')
      expect(books).toEqual(
        books.state === 'VOIDED'
          ? { state: 'VOIDED', refundedMinor: [] }
          : { state: 'CAPTURED', refundedMinor: [1_000] },
      )
      expect(order.refunds.map((refund) => refund.status)).toEqual([
        books.state === 'VOIDED' ? 'RELEASED' : 'REFUNDED',
      ])
    }
  })

  test.each([['CARD', { cardToken: 'tok_visa_4242' }] as const, ['CASH_ON_DELIVERY', {}] as const])(
    'answers an order paid by %s as it then is stored, piece by piece',
    async (type, details) => {
      const buyer = newSession()
      const [kettle, lamp] = [newOffer(world), newOffer(world)]
      const lines = [kettle, lamp].map((productId) => ({ productId, quantity: 2 }))
      const basket = { lines, addressId: newId(), payment: { type, ...details } }
      const { body } = await placeOrder(world.deps, { buyer, key: newId(), basket })
      const wanted = [{ lines: [{ productId: lamp, quantity: 2 }] }, { reason: 'No more' }, {}]
      for (const cancel of wanted) {
        const answer = await cancelOrder(world.deps, { buyer, key: newId(), orderId: body.id, cancel })
        expect(answer.body).toEqual(orderView(await orderOf(world, body.id)))
      }
    },
  )

  test('piece by piece refunds piece by piece, up to the whole', async () => {
    const buyer = newSession()
    const order = await placed(world, { buyer, quantity: 3 })
    const productId = order.lines[0]?.productId ?? ''
    const some = (quantity: number) =>
      cancelOrder(world.deps, {
        buyer,
        key: newId(),
        orderId: order.id,
        cancel: { lines: [{ productId, quantity }] },
      })
    expect((await some(1)).body.status).toBe('CONFIRMED')
    expect(await codeOf(some(3))).toBe('more-than-ordered')
    expect((await some(2)).body.status).toBe('CANCELLED')
    await payUp(world)
    const books = await booksOf(world, order.payments[0]?.id ?? '')
    expect(books.refundedMinor.sort()).toEqual([1_000, 500])
    expect(await messagesOf(world, order.id)).toHaveLength(2)
  })

  test('and the shipment race: one of the two wins, a hundred times', async () => {
    for (let round = 0; round < 100; round++) {
      const [buyer, seller] = [newSession(), newSession('SELLER')]
      const basket = basketOf(newOffer(world, { sellerId: seller.userId }))
      const { body } = await placeOrder(world.deps, { buyer, key: newId(), basket })
      const outcomes = await Promise.allSettled([
        cancelOrder(world.deps, { buyer, key: newId(), orderId: body.id, cancel: {} }),
        shipSale(world.deps, { seller, orderId: body.id, shipment: {} }),
      ])
      expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1)
      const { status } = await orderOf(world, body.id)
      expect(await messagesOf(world, body.id)).toHaveLength(status === 'CANCELLED' ? 1 : 0)
    }
  })

  test('is refused to anybody but the buyer', async () => {
    const order = await placed(world)
    expect(
      await codeOf(
        cancelOrder(world.deps, { buyer: newSession(), key: newId(), orderId: order.id, cancel: {} }),
      ),
    ).toBe('not-found')
  })

  test('remembers a refusal under its key', async () => {
    const [buyer, seller] = [newSession(), newSession('SELLER')]
    const order = await placed(world, { buyer, sellerId: seller.userId })
    await shipSale(world.deps, { seller, orderId: order.id, shipment: {} })
    const call = { buyer, key: newId(), orderId: order.id, cancel: {} }
    expect(await codeOf(cancelOrder(world.deps, call))).toBe('already-shipped')
    await deliverSale(world.deps, { seller, orderId: order.id })
    await expect(cancelOrder(world.deps, call)).rejects.toMatchObject({
      members: { orderStatus: 'SHIPPED' },
      headers: { 'idempotent-replayed': 'true' },
    })
  })
})

describe('noteStockReleased()', () => {
  test('notes once when the stock was restored', async () => {
    const buyer = newSession()
    const order = await placed(world, { buyer })
    await cancelOrder(world.deps, { buyer, key: newId(), orderId: order.id, cancel: {} })
    const [cancellation] = (await orderOf(world, order.id)).cancellations
    const message = releasedMessage(order.id, cancellation?.id ?? '')
    await Promise.all([
      noteStockReleased(world.deps, 'test', message),
      noteStockReleased(world.deps, 'test', message),
    ])
    await noteStockReleased(world.deps, 'test', { ...message, id: newId() })
    const [noted] = (await orderOf(world, order.id)).cancellations
    expect(noted?.stockRestoredAt).toBeInstanceOf(Date)
    const types = (await eventsOf(world, order.id)).map(({ type }) => type)
    expect(types.filter((type) => type === 'STOCK_RESTORED')).toHaveLength(1)
  })

  test('refuses a cancellation that there is not', async () => {
    const order = await placed(world)
    expect(await codeOf(noteStockReleased(world.deps, 'test', releasedMessage(order.id, newId())))).toBe(
      'not-found',
    )
  })
})
