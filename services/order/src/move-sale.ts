import type { Session } from '@bazaar/shared/admission'
import { inTransaction, type Transaction } from '@bazaar/shared/database'
import { and, eq, sql } from 'drizzle-orm'
import type { Deps } from './deps.ts'
import { orderNotFound } from './errors.ts'
import { movePart } from './order.ts'
import { insertEvent, lockOrder, type StoredOrder, saveOrder } from './order-store.ts'
import { savePayment } from './payment-store.ts'
import { findSale, type StoredSale } from './sale-store.ts'
import { orderParts } from './tables.ts'

/** How a part was sent. */
export type Shipment = { carrier?: string; trackingNumber?: string }

/**
 * A seller confirms that he sent his part of an order. Confirming it again changes nothing.
 * @throws {DomainError} not-found when he has no part in it; illegal-transition when it was cancelled.
 */
export async function shipSale(
  deps: Deps,
  request: { seller: Session; orderId: string; shipment: Shipment },
): Promise<StoredSale> {
  const { carrier = null, trackingNumber = null } = request.shipment
  return moveSale(deps, { ...request, action: 'ship' }, { carrier, trackingNumber, shippedAt: sql`now(3)` })
}

/**
 * A seller confirms that his part of an order arrived. Confirming it again changes nothing. Cash is then collected.
 * @throws {DomainError} not-found when he has no part in it; illegal-transition when it was not sent.
 */
export async function deliverSale(
  deps: Deps,
  request: { seller: Session; orderId: string },
): Promise<StoredSale> {
  return moveSale(deps, { ...request, action: 'deliver' }, { deliveredAt: sql`now(3)` })
}

type Move = { seller: Session; orderId: string; action: 'ship' | 'deliver' }

async function moveSale(deps: Deps, move: Move, also: object): Promise<StoredSale> {
  const { seller, orderId, action } = move
  return inTransaction(deps.database, async (tx) => {
    const order = await lockOrder(tx, orderId)
    if (!order?.parts.some((part) => part.sellerId === seller.userId)) throw orderNotFound()
    const after = movePart(order, action, seller.userId)
    if (after) {
      await saveOrder(tx, order, after)
      await tx
        .update(orderParts)
        .set(also)
        .where(and(eq(orderParts.orderId, orderId), eq(orderParts.sellerId, seller.userId)))
      await insertEvent(tx, orderId, {
        type: action === 'ship' ? 'SHIPPED' : 'DELIVERED',
        actor: 'SELLER',
        actorId: seller.userId,
      })
      if (after.status === 'DELIVERED') await collectCash(tx, order)
    }
    const sale = await findSale(tx, orderId, seller.userId)
    if (!sale) throw orderNotFound()
    return sale
  })
}

async function collectCash(tx: Transaction, order: StoredOrder): Promise<void> {
  const [payment] = order.payments
  if (payment?.status === 'DUE_ON_DELIVERY')
    await savePayment(tx, payment, { status: 'COLLECTED', workDue: false })
}
