import { beforeEach, describe, expect, test } from 'bun:test'
import { newId } from '@bazaar/shared/database/columns'
import { repeatably } from '@bazaar/shared/database/database'
import { refusal } from '@bazaar/shared/testing/refusal'
import { rowsReadIn } from '@bazaar/shared/testing/rows-read'
import { eq, sql } from 'drizzle-orm'
import { releaseReservation } from '../../src/stock/release-reservation.ts'
import { stock } from '../../src/tables.ts'
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

describe('a cancelled order', () => {
  for (const [name, confirmed] of [
    ['held', false],
    ['confirmed', true],
  ] as const) {
    test(`gives back what was ${name}, and it is announced`, async () => {
      const orderId = await shelf.reserve({ kettle, lamp })
      if (confirmed) await world.orders.confirmReservation({ params: { orderId } })
      const message = cancellationOf(orderId, all())
      const before = shelf.woken()
      await shelf.hear(message)

      expect(await left()).toEqual([10, 10])
      expect(await shelf.statusOf(orderId)).toBe('RELEASED')
      expect(await shelf.announced(orderId)).toEqual([
        expect.objectContaining({
          type: 'stock.released.v1',
          source: '/bazaar/inventory',
          data: {
            orderId,
            cancellationId: message.data.cancellationId,
            releasedAt: expect.stringMatching(/Z$/),
          },
        }),
      ])
      expect(shelf.woken()).toBe(before + 1)
    })
  }

  test('shows in the ledger as released by that cancellation', async () => {
    const orderId = await shelf.reserve({ kettle, lamp })
    await shelf.hear(cancellationOf(orderId, all()))
    const { body } = await world.client.listStockMovements({
      session: shelf.seller.session,
      params: { productId: kettle.id },
    })
    expect(body.items[0]).toMatchObject({ delta: 4, stockAfter: 10, reason: 'RELEASED' })
  })

  test('can be cancelled in parts, until nothing is left', async () => {
    const orderId = await shelf.reserve({ kettle, lamp })
    await shelf.hear(cancellationOf(orderId, [{ productId: kettle.id, quantity: 1 }]))
    expect(await left()).toEqual([7, 9])
    expect(await shelf.statusOf(orderId)).toBe('HELD')
    expect((await world.orders.confirmReservation({ params: { orderId } })).body.lines).toContainEqual({
      productId: kettle.id,
      quantity: 3,
    })
    await shelf.hear(
      cancellationOf(orderId, [
        { productId: kettle.id, quantity: 3 },
        { productId: lamp.id, quantity: 1 },
      ]),
    )
    expect(await left()).toEqual([10, 10])
    expect(await shelf.statusOf(orderId)).toBe('RELEASED')
  })

  test('adds up a product that the message names twice', async () => {
    const orderId = await shelf.reserve({ kettle, lamp })
    await shelf.hear(
      cancellationOf(orderId, [
        { productId: kettle.id, quantity: 1 },
        { productId: kettle.id, quantity: 3 },
      ]),
    )
    expect(await left()).toEqual([10, 9])
  })

  test('cannot be confirmed or reserved any more', async () => {
    const orderId = await shelf.reserve({ kettle, lamp })
    await shelf.hear(cancellationOf(orderId, all()))
    expect((await refusal(world.orders.confirmReservation({ params: { orderId } }))).code).toBe(
      'order-cancelled',
    )
    const again = world.orders.placeReservation({
      params: { orderId },
      body: { lines: [lineOf(kettle, 4), lineOf(lamp, 1)] },
    })
    expect((await refusal(again)).code).toBe('order-cancelled')
    expect(await left()).toEqual([10, 10])
  })
})

describe('a cancellation that comes more than once', () => {
  test('gives back once, however often the same event is delivered, also at the same time', async () => {
    const orderId = await shelf.reserve({ kettle, lamp })
    const message = cancellationOf(orderId, all())
    await Promise.all([1, 2, 3, 4, 5].map(() => shelf.hear(message)))
    await shelf.hear(message)
    expect(await left()).toEqual([10, 10])
    expect(await shelf.announced(orderId)).toHaveLength(1)
  })

  test('gives back when it comes again after all of it was rolled back', async () => {
    const orderId = await shelf.reserve({ kettle, lamp })
    const message = cancellationOf(orderId, all())
    const spoil = (by: number) =>
      repeatably(world.database, (connection) =>
        connection
          .update(stock)
          .set({ stockCount: sql`${stock.stockCount} + ${by}` })
          .where(eq(stock.productId, lamp.id)),
      )
    await spoil(1)
    await expect(shelf.hear(message)).rejects.toMatchObject({ invariant: 'ledger-is-stock' })
    await spoil(-1)
    expect(await left()).toEqual([6, 9])
    await shelf.hear(message)
    expect(await left()).toEqual([10, 10])
    expect(await shelf.announced(orderId)).toHaveLength(1)
  })

  test('gives back once when it comes under several event ids', async () => {
    const orderId = await shelf.reserve({ kettle, lamp })
    const { cancellationId } = cancellationOf(orderId, all()).data
    await Promise.all([1, 2, 3].map(() => shelf.hear(cancellationOf(orderId, all(), cancellationId))))
    expect(await left()).toEqual([10, 10])
    expect(await shelf.statusOf(orderId)).toBe('RELEASED')
  })

  test('gives back once when parts come twice and in any order', async () => {
    const orderId = await shelf.reserve({ kettle, lamp })
    const one = () => [{ productId: kettle.id, quantity: 1 }]
    const [first, second] = [cancellationOf(orderId, one()), cancellationOf(orderId, one())]
    await Promise.all([shelf.hear(second), shelf.hear(first), shelf.hear(second), shelf.hear(first)])
    await shelf.hear(cancellationOf(orderId, one(), first.data.cancellationId))
    expect(await left()).toEqual([8, 9])
  })

  test('is set aside when it comes with other lines the second time', async () => {
    const orderId = await shelf.reserve({ kettle, lamp })
    const first = cancellationOf(orderId, [{ productId: kettle.id, quantity: 1 }])
    await shelf.hear(first)
    const other = cancellationOf(orderId, [{ productId: kettle.id, quantity: 2 }], first.data.cancellationId)
    await expect(shelf.hear(other)).rejects.toMatchObject({ code: 'cancellation-mismatch' })
    expect(await left()).toEqual([7, 9])
  })
})

test('The hundredth cancellation of an order costs what the tenth did, in rows read', async () => {
  const product = await world.offer(shelf.seller, { stockCount: 200 })
  const orderId = newId()
  await world.orders.placeReservation({ params: { orderId }, body: { lines: [lineOf(product, 200)] } })
  const cancelOne = () => cancellationOf(orderId, [{ productId: product.id, quantity: 1 }])
  const costAfter = async (many: number) => {
    for (let made = 0; made < many; made++) await shelf.hear(cancelOne())
    return await rowsReadIn(world.databaseUrl, (database) =>
      releaseReservation({ ...world.deps, database }, 'inventory.order-cancelled', cancelOne()),
    )
  }
  const tenth = await costAfter(9)
  expect(await costAfter(89)).toBeLessThanOrEqual(tenth)
  expect(await world.stockOf(product.id)).toBe(100)
})
