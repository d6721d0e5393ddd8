import { beforeEach, describe, expect, test } from 'bun:test'
import { newId } from '@bazaar/shared/database/columns'
import { repeatably } from '@bazaar/shared/database/database'
import { refusal } from '@bazaar/shared/testing/refusal'
import { eq, sql } from 'drizzle-orm'
import { expireReservations } from '../../src/stock/expire-reservations.ts'
import { reservations } from '../../src/tables.ts'
import type { ProductView } from '../../src/views.ts'
import { lineOf } from '../world.ts'
import { cancellationOf } from './cancellation.ts'
import { openShelf } from './shelf.ts'

const shelf = await openShelf()
const { world, all, left } = shelf
let kettle: ProductView
let lamp: ProductView

beforeEach(async () => {
  ;({ kettle, lamp } = await shelf.fill())
})

describe('a cancellation that comes before its reservation', () => {
  test('leaves a tombstone, which refuses the reservation, and is announced', async () => {
    const orderId = newId()
    await shelf.hear(cancellationOf(orderId, all()))
    expect(await shelf.announced(orderId)).toHaveLength(1)
    const late = world.orders.placeReservation({ params: { orderId }, body: { lines: [lineOf(kettle, 4)] } })
    expect(await refusal(late)).toMatchObject({ status: 409, code: 'order-cancelled' })
    expect((await refusal(world.orders.confirmReservation({ params: { orderId } }))).code).toBe(
      'order-cancelled',
    )
    expect(await left()).toEqual([10, 10])
    expect((await world.orders.readReservation({ params: { orderId } })).body).toEqual({
      orderId,
      status: 'RELEASED',
      expiresAt: null,
      lines: [],
    })
  })

  test('or at the same time, takes nothing in the end', async () => {
    const orderIds = Array.from({ length: 20 }, () => newId())
    await Promise.all(
      orderIds.flatMap((orderId) => [
        world.orders
          .placeReservation({ params: { orderId }, body: { lines: [lineOf(kettle), lineOf(lamp)] } })
          .catch(() => undefined),
        shelf.hear(
          cancellationOf(orderId, [
            { productId: lamp.id, quantity: 1 },
            { productId: kettle.id, quantity: 1 },
          ]),
        ),
      ]),
    )
    expect(await left()).toEqual([10, 10])
    for (const orderId of orderIds) expect(await shelf.statusOf(orderId)).toBe('RELEASED')
  })

  test('may name products that nobody ever had', async () => {
    const orderId = newId()
    await shelf.hear(cancellationOf(orderId, [{ productId: newId(), quantity: 1 }]))
    expect(await shelf.statusOf(orderId)).toBe('RELEASED')
  })
})

describe('a cancellation of what expired', () => {
  test('gives nothing back, and is announced', async () => {
    const orderId = await shelf.reserve({ kettle, lamp })
    await repeatably(world.database, (connection) =>
      connection
        .update(reservations)
        .set({ expiresAt: sql`now(3) - interval 1 second` })
        .where(eq(reservations.orderId, orderId)),
    )
    await expireReservations(world.deps)
    await shelf.hear(cancellationOf(orderId, all()))
    expect(await left()).toEqual([10, 10])
    expect(await shelf.announced(orderId)).toHaveLength(1)
    expect(await shelf.statusOf(orderId)).toBe('EXPIRED')
  })
})

describe('a cancellation of more than is reserved', () => {
  const cases: [name: string, lines: () => { productId: string; quantity: number }[]][] = [
    ['more units than were reserved', () => [{ productId: kettle.id, quantity: 5 }]],
    [
      'a product that was not',
      () => [
        { productId: kettle.id, quantity: 1 },
        { productId: newId(), quantity: 1 },
      ],
    ],
  ]
  for (const [name, lines] of cases) {
    test(`is refused and changes nothing: ${name}`, async () => {
      const orderId = await shelf.reserve({ kettle, lamp })
      const message = cancellationOf(orderId, lines())
      for (let time = 0; time < 2; time++)
        await expect(shelf.hear(message)).rejects.toMatchObject({ code: 'more-than-reserved' })
      expect(await left()).toEqual([6, 9])
      expect(await shelf.announced(orderId)).toEqual([])
    })
  }

  test('is refused when all of it was given back before', async () => {
    const orderId = await shelf.reserve({ kettle, lamp })
    await shelf.hear(cancellationOf(orderId, all()))
    await expect(shelf.hear(cancellationOf(orderId, all()))).rejects.toMatchObject({
      code: 'more-than-reserved',
    })
    expect(await left()).toEqual([10, 10])
  })
})
