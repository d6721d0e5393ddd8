import { describe, expect, test } from 'bun:test'
import type { Session } from '@bazaar/shared/auth/admission'
import { newId } from '@bazaar/shared/database/columns'
import { cancelOrder } from '../../src/cancelling/cancel-order.ts'
import type { Basket } from '../../src/placing/draft-order.ts'
import { placeOrder } from '../../src/placing/place-order.ts'
import { deliverSale, shipSale } from '../../src/sales/move-sale.ts'
import { changesOf, codeOf, newOffer, newSession, openWorld, orderOf, payUp, placed } from '../world.ts'

/* Shipments and cancellations are announced in the transaction in which they happen, for letters to the people in them. */

const world = await openWorld()
const { deps } = world

/** Places an order of these lines, to be paid at the door. */
async function cashOrder(buyer: Session, lines: Basket['lines']): Promise<string> {
  const basket = { lines, addressId: newId(), payment: { type: 'CASH_ON_DELIVERY' } } as const
  return (await placeOrder(deps, { buyer, key: newId(), basket })).body.id
}

describe('a shipment is told', () => {
  test('once, of the lines of that seller, with carrier and number', async () => {
    const [buyer, anna, bert] = [newSession(), newSession('SELLER'), newSession('SELLER')]
    const lines = [anna, bert].map(({ userId }) => ({
      productId: newOffer(world, { sellerId: userId }),
      quantity: 2,
    }))
    const orderId = await cashOrder(buyer, lines)
    const parcel = { carrier: 'DHL', trackingNumber: '00340434161094027318' }
    await shipSale(deps, { seller: anna, orderId, shipment: parcel })
    await shipSale(deps, { seller: anna, orderId, shipment: parcel })
    await deliverSale(deps, { seller: anna, orderId })
    await deliverSale(deps, { seller: anna, orderId })
    const ofAnna = [{ sellerId: anna.userId, quantity: 2 }]
    expect((await changesOf(world, orderId)).slice(1)).toMatchObject([
      { change: 'SHIPPED', lines: ofAnna, ...parcel },
      { change: 'DELIVERED', lines: ofAnna, carrier: null, trackingNumber: null },
    ])
  })

  test('not when it is rolled back', async () => {
    const seller = newSession('SELLER')
    const { id: orderId } = await placed(world, { sellerId: seller.userId })
    const shipment = { carrier: 'x'.repeat(61) }
    await expect(shipSale(deps, { seller, orderId, shipment })).rejects.toThrow()
    expect(await changesOf(world, orderId)).toMatchObject([{ change: 'CONFIRMED' }])
  })

  test('without a number that could be that of a card, which only the order shows', async () => {
    const seller = newSession('SELLER')
    const { id: orderId } = await placed(world, { sellerId: seller.userId })
    const shipment = { carrier: 'DHL', trackingNumber: '4111111111111111' }
    await shipSale(deps, { seller, orderId, shipment })
    expect((await orderOf(world, orderId)).parts).toMatchObject([shipment])
    expect((await changesOf(world, orderId)).at(-1)).toMatchObject({ carrier: 'DHL', trackingNumber: null })
  })
})

describe('a cancellation is told', () => {
  test('once for each, with what is given back, however often it is said', async () => {
    const buyer = newSession()
    const order = await placed(world, { buyer, quantity: 3 })
    const productId = order.lines[0]?.productId ?? ''
    const part = { buyer, key: newId(), orderId: order.id, cancel: { lines: [{ productId, quantity: 1 }] } }
    await Promise.all([cancelOrder(deps, part), cancelOrder(deps, part)])
    const rest = { buyer, key: newId(), orderId: order.id, cancel: {} }
    await cancelOrder(deps, rest)
    await cancelOrder(deps, { ...rest, key: newId() })
    await payUp(world)
    expect((await changesOf(world, order.id)).slice(1)).toMatchObject([
      { change: 'PARTLY_CANCELLED', isSold: true, lines: [{ quantity: 1 }], givenBackMinor: 500 },
      { change: 'CANCELLED', isSold: true, lines: [{ quantity: 2 }], givenBackMinor: 1_000 },
    ])
  })

  test('with nothing to give back where cash was to be paid at the door', async () => {
    const buyer = newSession()
    const orderId = await cashOrder(buyer, [{ productId: newOffer(world), quantity: 1 }])
    await cancelOrder(deps, { buyer, key: newId(), orderId, cancel: {} })
    expect((await changesOf(world, orderId)).at(-1)).toMatchObject({ change: 'CANCELLED', givenBackMinor: 0 })
  })

  test('not when it is refused', async () => {
    const buyer = newSession()
    const order = await placed(world, { buyer, quantity: 1 })
    const productId = order.lines[0]?.productId ?? ''
    const cancel = { lines: [{ productId, quantity: 2 }] }
    const call = { buyer, key: newId(), orderId: order.id, cancel }
    expect(await codeOf(cancelOrder(deps, call))).toBe('more-than-ordered')
    expect(await changesOf(world, order.id)).toMatchObject([{ change: 'CONFIRMED' }])
  })
})
