import { describe, expect, test } from 'bun:test'
import type { Session } from '@bazaar/shared/auth/admission'
import { newId } from '@bazaar/shared/database/columns'
import { cancelOrder } from '../../src/cancelling/cancel-order.ts'
import type { Basket } from '../../src/placing/draft-order.ts'
import { placeOrder } from '../../src/placing/place-order.ts'
import { basketOf, codeOf, newOffer, newSession, openWorld, orderOf } from '../world.ts'

const LIMIT = 2

const world = await openWorld()
const deps = { ...world.deps, config: { ...world.deps.config, unpaidOrdersMax: LIMIT } }

const place = (buyer: Session, basket: Basket, key = newId()) => placeOrder(deps, { buyer, key, basket })
const declined = () => basketOf(newOffer(world), { cardToken: 'tok_declined_0002' })
const onDelivery = (): Basket => ({ ...basketOf(newOffer(world)), payment: { type: 'CASH_ON_DELIVERY' } })

describe('placeOrder() for a buyer with unpaid orders', () => {
  test('refuses one more than a buyer may have, and keeps nothing of it', async () => {
    const buyer = newSession()
    const first = await place(buyer, declined())
    expect(await orderOf(world, first.body.id)).toMatchObject({ status: 'AWAITING_PAYMENT' })
    await place(buyer, declined())
    const reserved = world.shelf.reserved.size
    const key = newId()
    expect(await codeOf(place(buyer, declined(), key))).toBe('too-many-unpaid-orders')
    expect(await codeOf(place(buyer, basketOf(newOffer(world))))).toBe('too-many-unpaid-orders')
    expect(world.shelf.reserved.size).toBe(reserved)

    await cancelOrder(deps, { buyer, key: newId(), orderId: first.body.id, cancel: {} })
    expect((await place(buyer, basketOf(newOffer(world)), key)).body.status).toBe('CONFIRMED')
  })

  test('counts orders that are paid when they arrive only for more of the kind', async () => {
    const buyer = newSession()
    for (let number = 0; number < LIMIT; number += 1) await place(buyer, onDelivery())
    expect(await codeOf(place(buyer, onDelivery()))).toBe('too-many-unpaid-orders')
    expect((await place(buyer, basketOf(newOffer(world)))).body.status).toBe('CONFIRMED')
  })

  test('leaves other orders alone, and those that were paid', async () => {
    const buyer = newSession()
    for (let number = 0; number <= LIMIT; number += 1)
      expect((await place(buyer, basketOf(newOffer(world)))).body.status).toBe('CONFIRMED')
  })
})
