import { newId } from '@bazaar/shared/database/columns'
import { read } from '@bazaar/shared/database/database'
import { outbox } from '@bazaar/shared/messaging/outbox'
import { releaseReservation } from '../../src/stock/release-reservation.ts'
import type { ProductView } from '../../src/views.ts'
import { lineOf, openWorld } from '../world.ts'
import type { cancellationOf } from './cancellation.ts'

type Goods = { kettle: ProductView; lamp: ProductView }

/** A shelf with two products, of which orders are reserved and cancelled. */
export async function openShelf() {
  let woken = 0
  let goods: Goods
  const world = await openWorld({ wakeRelay: () => (woken += 1) })
  const seller = await world.seller()

  return {
    world,
    seller,
    /** How often the relay was woken. */
    woken: () => woken,
    /** Two new products, ten of each, in place of those before. */
    async fill(): Promise<Goods> {
      goods = { kettle: await world.offer(seller), lamp: await world.offer(seller) }
      return goods
    },
    /** All that an order of `reserve` has of the products. */
    all: () => [
      { productId: goods.kettle.id, quantity: 4 },
      { productId: goods.lamp.id, quantity: 1 },
    ],
    /** How many kettles and lamps can be ordered. */
    left: async () => [await world.stockOf(goods.kettle.id), await world.stockOf(goods.lamp.id)],
    /** Reserves four kettles and a lamp for a new order. */
    async reserve({ kettle, lamp }: Goods): Promise<string> {
      const orderId = newId()
      const lines = [lineOf(kettle, 4), lineOf(lamp, 1)]
      await world.orders.placeReservation({ params: { orderId }, body: { lines } })
      return orderId
    },
    /** Hands a cancellation to inventory, as its consumer does. */
    hear: (message: ReturnType<typeof cancellationOf>) =>
      releaseReservation(world.deps, 'inventory.order-cancelled', message),
    async statusOf(orderId: string): Promise<string> {
      return (await world.orders.readReservation({ params: { orderId } })).body.status
    },
    /** What was announced about an order. */
    async announced(orderId: string) {
      const rows = await read(world.database, (connection) => connection.select().from(outbox))
      return rows.filter(({ payload }) => payload.subject === orderId).map(({ payload }) => payload)
    },
  }
}
