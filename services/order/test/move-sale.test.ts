import { describe, expect, test } from 'bun:test'
import type { Session } from '@bazaar/shared/auth/admission'
import { newId } from '@bazaar/shared/database/columns'
import { inTransaction } from '@bazaar/shared/database/database'
import { eq } from 'drizzle-orm'
import { cancelOrder } from '../src/cancelling/cancel-order.ts'
import { saveStatus } from '../src/orders/status-store.ts'
import { placeOrder } from '../src/placing/place-order.ts'
import { deliverSale, shipSale } from '../src/sales/move-sale.ts'
import { orderParts } from '../src/tables.ts'
import { codeOf, eventsOf, newOffer, newSession, openWorld, orderOf, placed } from './world.ts'

const world = await openWorld()

async function typesOf(orderId: string): Promise<string[]> {
  return (await eventsOf(world, orderId)).map(({ type }) => type)
}

/** An order over two sellers, paid at the door. */
async function cashOrder(buyer: Session, sellers: readonly [Session, Session]): Promise<string> {
  const lines = sellers.map(({ userId }) => ({
    productId: newOffer(world, { sellerId: userId }),
    quantity: 1,
  }))
  const basket = { lines, addressId: newId(), payment: { type: 'CASH_ON_DELIVERY' } } as const
  return (await placeOrder(world.deps, { buyer, key: newId(), basket })).body.id
}

describe('shipSale()', () => {
  test('is noted once when it is said ten times at once', async () => {
    const seller = newSession('SELLER')
    const { id: orderId } = await placed(world, { sellerId: seller.userId })
    const shipment = { carrier: 'Royal Mail', trackingNumber: 'RM 1' }
    await Promise.all(Array.from({ length: 10 }, () => shipSale(world.deps, { seller, orderId, shipment })))
    expect((await orderOf(world, orderId)).status).toBe('SHIPPED')
    expect((await typesOf(orderId)).filter((type) => type === 'SHIPPED')).toHaveLength(1)
  })

  test('tells no seller of an order that is not theirs', async () => {
    const order = await placed(world)
    const call = { seller: newSession('SELLER'), orderId: order.id, shipment: {} }
    expect(await codeOf(shipSale(world.deps, call))).toBe('not-found')
    expect((await orderOf(world, order.id)).status).toBe('CONFIRMED')
  })

  test('of two sellers at once leaves the order shipped, in either order', async () => {
    for (let round = 0; round < 20; round++) {
      const sellers = [newSession('SELLER'), newSession('SELLER')] as const
      const orderId = await cashOrder(newSession(), sellers)
      await Promise.all(sellers.map((seller) => shipSale(world.deps, { seller, orderId, shipment: {} })))
      expect((await orderOf(world, orderId)).status).toBe('SHIPPED')
    }
  })

  test('said again takes a carrier and number that were not known, also after the delivery', async () => {
    const seller = newSession('SELLER')
    const { id: orderId } = await placed(world, { sellerId: seller.userId })
    const ship = (shipment: object) => shipSale(world.deps, { seller, orderId, shipment })
    const shippedAt = (await ship({ carrier: '', trackingNumber: null })).part.shippedAt
    expect((await ship({ carrier: 'DHL' })).part).toMatchObject({ carrier: 'DHL', trackingNumber: null })
    await deliverSale(world.deps, { seller, orderId })
    const parcel = { carrier: 'DHL', trackingNumber: '00340434161094027318' }
    expect((await ship(parcel)).part).toMatchObject({ ...parcel, status: 'DELIVERED', shippedAt })
    expect((await ship(parcel)).part).toMatchObject({ ...parcel, status: 'DELIVERED', shippedAt })
    expect((await orderOf(world, orderId)).parts).toMatchObject([parcel])
    expect((await typesOf(orderId)).filter((type) => type.startsWith('SHIP'))).toEqual([
      'SHIPPED',
      'SHIPMENT_COMPLETED',
      'SHIPMENT_COMPLETED',
    ])
  })

  test('refuses another number than the one that was said first, and keeps that', async () => {
    const seller = newSession('SELLER')
    const { id: orderId } = await placed(world, { sellerId: seller.userId })
    const first = { carrier: 'DHL', trackingNumber: '1' }
    await shipSale(world.deps, { seller, orderId, shipment: first })
    const other = { seller, orderId, shipment: { ...first, trackingNumber: '2' } }
    expect(await codeOf(shipSale(world.deps, other))).toBe('shipment-differs')
    expect((await orderOf(world, orderId)).parts).toMatchObject([first])
  })

  test('changes nothing when it is rolled back', async () => {
    const seller = newSession('SELLER')
    const { id: orderId } = await placed(world, { sellerId: seller.userId })
    const long = 'x'.repeat(61)
    await expect(shipSale(world.deps, { seller, orderId, shipment: { carrier: long } })).rejects.toThrow()
    expect((await orderOf(world, orderId)).status).toBe('CONFIRMED')
    expect(await typesOf(orderId)).not.toContain('SHIPPED')
  })
})

describe('deliverSale()', () => {
  test('refuses what was not shipped', async () => {
    const seller = newSession('SELLER')
    const { id: orderId } = await placed(world, { sellerId: seller.userId })
    expect(await codeOf(deliverSale(world.deps, { seller, orderId }))).toBe('illegal-transition')
  })

  test('collects the cash once, when the last part arrives', async () => {
    const sellers = [newSession('SELLER'), newSession('SELLER')] as const
    const orderId = await cashOrder(newSession(), sellers)
    for (const seller of sellers) await shipSale(world.deps, { seller, orderId, shipment: {} })
    await deliverSale(world.deps, { seller: sellers[0], orderId })
    expect((await orderOf(world, orderId)).payments).toMatchObject([{ status: 'DUE_ON_DELIVERY' }])
    await Promise.all([1, 2, 3].map(() => deliverSale(world.deps, { seller: sellers[1], orderId })))
    expect(await orderOf(world, orderId)).toMatchObject({
      status: 'DELIVERED',
      payments: [{ status: 'COLLECTED' }],
    })
  })

  test('has collected the cash when what never was shipped is cancelled afterwards', async () => {
    const buyer = newSession()
    const sellers = [newSession('SELLER'), newSession('SELLER')] as const
    const orderId = await cashOrder(buyer, sellers)
    await shipSale(world.deps, { seller: sellers[0], orderId, shipment: {} })
    await deliverSale(world.deps, { seller: sellers[0], orderId })
    const rest = (await orderOf(world, orderId)).lines.filter((line) => line.sellerId === sellers[1].userId)
    const lines = rest.map(({ productId, quantity }) => ({ productId, quantity }))
    await cancelOrder(world.deps, { buyer, key: newId(), orderId, cancel: { lines } })
    expect(await orderOf(world, orderId)).toMatchObject({
      status: 'DELIVERED',
      payments: [{ status: 'COLLECTED', workDueAt: null }],
    })
  })
})

test('saveStatus() refuses a way that no move leads, and undoes all of it', async () => {
  const order = await placed(world)
  const attempt = inTransaction(world.database, async (tx) => {
    await tx.delete(orderParts).where(eq(orderParts.orderId, order.id))
    await saveStatus(tx, order.id, 'REJECTED')
  })
  await expect(attempt).rejects.toMatchObject({ invariant: 'order-state-path' })
  expect(await orderOf(world, order.id)).toMatchObject({ status: 'CONFIRMED', parts: order.parts })
})
