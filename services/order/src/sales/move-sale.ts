import type { Session } from '@bazaar/shared/auth/admission'
import { inTransaction, type Transaction } from '@bazaar/shared/database/database'
import { insertMessages } from '@bazaar/shared/messaging/outbox'
import { sql } from 'drizzle-orm'
import type { Deps } from '../deps.ts'
import { orderNotFound } from '../errors.ts'
import { quantitiesLeft } from '../orders/amounts.ts'
import { type Change, composeChange } from '../orders/announce-change.ts'
import { insertEvents } from '../orders/event-store.ts'
import { type LockedOrder, lockOrder, type StoredOrder } from '../orders/order-store.ts'
import { completeShipment, movePart, type Shipment } from '../orders/shipping.ts'
import { saveOrder } from '../orders/status-store.ts'
import { savePayment } from '../payment/payment-store.ts'
import { findSale, type StoredSale, savePart } from './sale-store.ts'

/**
 * A seller confirms that they shipped their part of an order. Confirming it again changes nothing, except that a
 * missing carrier or tracking number is added, even after the delivery.
 *
 * @throws {DomainError} not-found when they have no part in it; illegal-transition when it was cancelled;
 * shipment-differs when the carrier or tracking number is another.
 */
export async function shipSale(
  deps: Deps,
  request: { seller: Session; orderId: string; shipment: Partial<Shipment> },
): Promise<StoredSale> {
  const { seller, orderId, shipment } = request
  const said = { carrier: shipment.carrier || null, trackingNumber: shipment.trackingNumber || null }
  return changeSale(deps, request, async (tx, order) => {
    const after = movePart(order, 'ship', seller.userId)
    const part = order.parts.find(({ sellerId }) => sellerId === seller.userId)
    const completed = part && completeShipment(part, said)
    if (!after && !completed) return
    if (after) await saveOrder(tx, order, after)
    await savePart(
      tx,
      { orderId, sellerId: seller.userId },
      { ...completed, ...(after ? { shippedAt: sql`now(3)` } : {}) },
    )
    const type = after ? 'SHIPPED' : 'SHIPMENT_COMPLETED'
    await insertEvents(tx, orderId, [{ type, actor: 'SELLER', actorId: seller.userId }], order.lastEventId)
    if (after) await tell(tx, order, { sellerId: seller.userId, change: 'SHIPPED', shipment: said })
  })
}

/**
 * A seller confirms that their part of an order arrived. Confirming it again changes nothing. Cash is then collected.
 * @throws {DomainError} not-found when they have no part in it; illegal-transition when it was not shipped.
 */
export async function deliverSale(
  deps: Deps,
  request: { seller: Session; orderId: string },
): Promise<StoredSale> {
  const { seller, orderId } = request
  return changeSale(deps, request, async (tx, order) => {
    const after = movePart(order, 'deliver', seller.userId)
    if (!after) return
    await saveOrder(tx, order, after)
    await savePart(tx, { orderId, sellerId: seller.userId }, { deliveredAt: sql`now(3)` })
    const event = { type: 'DELIVERED', actor: 'SELLER', actorId: seller.userId } as const
    await insertEvents(tx, orderId, [event], order.lastEventId)
    await tell(tx, order, { sellerId: seller.userId, change: 'DELIVERED' })
    if (after.status === 'DELIVERED') await collectCash(tx, order)
  })
}

/** Changes a seller's part of an order under the lock of the order, and returns the part as it is then. */
async function changeSale(
  deps: Deps,
  { seller, orderId }: { seller: Session; orderId: string },
  change: (tx: Transaction, order: LockedOrder) => Promise<void>,
): Promise<StoredSale> {
  const moved = await inTransaction(deps.database, async (tx) => {
    const order = await lockOrder(tx, orderId)
    if (!order?.parts.some((part) => part.sellerId === seller.userId)) throw orderNotFound()
    await change(tx, order)
    const sale = await findSale(tx, orderId, seller.userId)
    if (!sale) throw orderNotFound()
    return sale
  })
  deps.wake.relay()
  return moved
}

/** Writes the message that tells the buyer what happened to the part of a seller. */
async function tell(
  tx: Transaction,
  order: LockedOrder,
  { sellerId, ...change }: Omit<Change, 'lines'> & { sellerId: string },
): Promise<void> {
  const lines = quantitiesLeft(order.lines.filter((line) => line.sellerId === sellerId))
  await insertMessages(tx, [await composeChange(order, { ...change, lines })])
}

async function collectCash(tx: Transaction, order: StoredOrder): Promise<void> {
  const [payment] = order.payments
  if (payment?.status === 'DUE_ON_DELIVERY')
    await savePayment(tx, payment, { status: 'COLLECTED', workDue: false })
}
