import { newId } from '@bazaar/shared/database/columns'
import { read } from '@bazaar/shared/database/database'
import { outbox } from '@bazaar/shared/messaging/outbox'
import { releaseReservation } from '../../src/stock/release-reservation.ts'
import type { ProductView } from '../../src/views.ts'
import { lineOf, startWorld } from '../world.ts'
import type { cancellationOf } from './cancellation.ts'

/** A shelf with two products, of which orders are reserved and cancelled. */
export async function startShelf() {
  let woken = 0
  const world = await startWorld({ wakeRelay: () => (woken += 1) })
  const seller = await world.seller()

  return {
    world,
    seller,
    /** How often the relay was woken. */
    woken: () => woken,
    /** Two new products. */
    async fill(): Promise<{ kettle: ProductView; lamp: ProductView }> {
      return { kettle: await world.offer(seller), lamp: await world.offer(seller) }
    },
    /** Reserves four kettles and a lamp for a new order. */
    async reserve({ kettle, lamp }: { kettle: ProductView; lamp: ProductView }): Promise<string> {
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
