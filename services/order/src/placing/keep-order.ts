import { newId } from '@bazaar/shared/database/columns'
import { inTransaction, type Transaction } from '@bazaar/shared/database/database'
import { duplicateKey } from '@bazaar/shared/database/errors'
import { type Claim, claimKey, type KeyedRequest } from '@bazaar/shared/database/idempotency-keys'
import { DomainError } from '@bazaar/shared/problem'
import type { Deps } from '../deps.ts'
import { insertEvents } from '../orders/event-store.ts'
import { insertOrder, type StoredOrder } from '../orders/order-store.ts'
import { type PaymentChoice, type PaymentMethod, paymentMethod } from '../payment/payment.ts'
import { insertPayment, newPayment } from '../payment/payment-store.ts'
import type { Draft } from './draft-order.ts'
import { IN_HAND_SECONDS } from './take-in-hand.ts'
import { countUnpaid } from './unpaid-store.ts'

/** The result of claiming the key: the order was stored with it now, or an earlier request has an outcome. */
export type Kept = { found: 'nothing'; order: OrderInHand } | Exclude<Claim, { found: 'nothing' }>

/** An order that this request has just stored, so the latest entry of its timeline is known. */
export type OrderInHand = StoredOrder & { lastEventId?: string | null }

/**
 * Stores the order as PENDING together with its key, both or neither: from here on it cannot get lost.
 * @throws {DomainError} payment-incomplete, too-many-unpaid-orders, idempotency-key-reused or -expired.
 */
export async function keepOrder(
  deps: Deps,
  keyed: KeyedRequest,
  { draft, choice }: { draft: Draft; choice: PaymentChoice },
): Promise<Kept> {
  const method = paymentMethod(choice)
  try {
    return await inTransaction(deps.database, async (tx) => {
      const claim = await claimKey(tx, keyed, draft.id)
      if (claim.found !== 'nothing') return claim
      const placedAt = await refuseHoarding(deps, tx, { buyerId: draft.buyerId, choice })
      const order = newOrder(draft, method, placedAt)
      await insertOrder(tx, order)
      for (const payment of order.payments) await insertPayment(tx, payment)
      const { buyerId: actorId, totalMinor } = order
      const event = { type: 'PLACED', actor: 'BUYER', actorId, detail: { totalMinor } } as const
      const lastEventId = await insertEvents(tx, order.id, [event], null)
      // failpoint: keep-order.before-commit
      return { ...claim, order: { ...order, lastEventId } }
    })
  } catch (error) {
    if (duplicateKey(error) !== 'orders_buyer_key') throw error
    throw new DomainError(
      'idempotency-key-expired',
      'An order was placed with this key long ago; use a new key for a new order',
      { cause: error },
    )
  }
}

/** A draft with everything that is stored of it: it waits to be settled, and this request holds it. */
export function newOrder(draft: Draft, method: PaymentMethod, placedAt: Date): StoredOrder {
  const { id, currency, totalMinor } = draft
  return {
    ...draft,
    status: 'PENDING',
    rejectionReason: null,
    rejectedProductIds: null,
    placedAt,
    payBy: null,
    workDueAt: new Date(placedAt.getTime() + IN_HAND_SECONDS * 1_000),
    lines: draft.lines.map((line, position) => ({ ...line, orderId: id, position })),
    parts: [],
    payments: [
      newPayment({
        ...method,
        id: newId(),
        orderId: id,
        currency,
        amountMinor: totalMinor,
        createdAt: placedAt,
      }),
    ],
    cancellations: [],
  }
}

/**
 * Keeps a buyer from emptying the shelves with orders that they do not pay for. Orders placed at the same moment may
 * not see each other, but their number is limited, too. Returns the time by the database's clock.
 *
 * @throws {DomainError} too-many-unpaid-orders.
 */
async function refuseHoarding(
  deps: Deps,
  tx: Transaction,
  { buyerId, choice }: { buyerId: string; choice: PaymentChoice },
): Promise<Date> {
  const most = deps.config.unpaidOrdersMax
  const onDelivery = choice.type === 'CASH_ON_DELIVERY'
  const { unpaid, now } = await countUnpaid(tx, { buyerId, most, onDelivery })
  if (unpaid < most) return now
  throw new DomainError('too-many-unpaid-orders', 'Pay for or cancel some of your orders first', {
    members: { limit: most },
  })
}
