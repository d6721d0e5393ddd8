import { newId } from '@bazaar/shared/database/columns'
import { type Database, inTransaction, type Transaction } from '@bazaar/shared/database/database'
import { duplicateKey } from '@bazaar/shared/database/errors'
import { claimKeys, deleteClaims } from '@bazaar/shared/database/idempotency-key-batches'
import type { Claim, KeyedRequest } from '@bazaar/shared/database/idempotency-keys'
import { DomainError } from '@bazaar/shared/problem'
import { gatherOn, type Patience } from '@bazaar/shared/process/gather'
import type { Deps } from '../deps.ts'
import { insertEventsOfMany } from '../orders/event-store.ts'
import { insertOrders, type StoredOrder } from '../orders/order-store.ts'
import { type PaymentChoice, type PaymentMethod, paymentMethod } from '../payment/payment.ts'
import { insertPayments, newPayment } from '../payment/payment-store.ts'
import type { Draft } from './draft-order.ts'
import { GATHERED } from './gathered.ts'
import { IN_HAND_SECONDS } from './take-in-hand.ts'
import { countUnpaid } from './unpaid-store.ts'

/** The result of claiming the key: the order was stored with it now, or an earlier request has an outcome. */
export type Kept = { found: 'nothing'; order: OrderInHand } | Exclude<Claim, { found: 'nothing' }>

/** An order that this request has just stored, so the latest entry of its timeline is known. */
export type OrderInHand = StoredOrder & { lastEventId?: string | null }

/** An order to be stored, the key of its request, and how many unpaid orders its buyer may have. */
type Wanted = { keyed: KeyedRequest; draft: Draft; method: PaymentMethod; unpaidMax: number }

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
    return await keepTogether(deps.database, {
      keyed,
      draft,
      method,
      unpaidMax: deps.config.unpaidOrdersMax,
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

const keepTogether = gatherOn(keepOrders, { ...GATHERED, sizeOf: ({ draft }) => draft.lines.length })

/** Stores orders in one transaction. Fails when one of several keys is not new: then they are stored one by one. */
async function keepOrders(database: Database, all: Wanted[], patience: Patience): Promise<(Kept | Error)[]> {
  const keep = async (tx: Transaction): Promise<(Kept | Error)[]> => {
    const claims = await claimKeys(
      tx,
      all.map(({ keyed, draft }) => ({ keyed, resourceId: draft.id })),
    )
    const [claim] = claims
    if (claim && claim.found !== 'nothing') return [claim]
    const { refusals, now } = await refuseHoarding(tx, all)
    const refused = all.filter((_, index) => refusals[index])
    if (refused.length > 0)
      await deleteClaims(
        tx,
        refused.map(({ keyed }) => keyed),
      )
    const made = all
      .filter((_, index) => !refusals[index])
      .map(({ draft, method }) => newOrder(draft, method, now))
    const kept = await insertPlaced(tx, made)
    // failpoint: keep-order.before-commit
    return all.map(({ draft }, index) => {
      const order = kept.find((one) => one.id === draft.id)
      return order ? { found: 'nothing', order } : (refusals[index] ?? new Error('an order is missing'))
    })
  }
  return inTransaction(database, keep, patience)
}

/** Stores new orders with their payments and the beginnings of their timelines. */
async function insertPlaced(tx: Transaction, made: StoredOrder[]): Promise<OrderInHand[]> {
  if (made.length === 0) return []
  await insertOrders(tx, made)
  await insertPayments(
    tx,
    made.flatMap(({ payments }) => payments),
  )
  const lastEventIds = await insertEventsOfMany(
    tx,
    made.map(({ id: orderId, buyerId: actorId, totalMinor }) => {
      const event = { type: 'PLACED', actor: 'BUYER', actorId, detail: { totalMinor } } as const
      return { orderId, entries: [event], last: null }
    }),
  )
  return made.map((order, index) => ({ ...order, lastEventId: lastEventIds[index] ?? null }))
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
 * Keeps buyers from emptying the shelves with orders that they do not pay for: the refusal of each order that is too
 * many, and the time by the database's clock. Orders placed at the same moment may not see each other unless they are
 * stored together, but their number is limited, too.
 */
async function refuseHoarding(
  tx: Transaction,
  all: readonly Wanted[],
): Promise<{ refusals: (DomainError | undefined)[]; now: Date }> {
  const buyers = all.map(({ draft: { buyerId }, method }) => ({
    buyerId,
    onDelivery: method.type === 'CASH_ON_DELIVERY',
  }))
  const { unpaid, now } = await countUnpaid(tx, buyers)
  const refusals = all.map(({ draft: { buyerId }, unpaidMax }, index) => {
    const before = buyers.slice(0, index).filter((one) => one.buyerId === buyerId).length
    if ((unpaid[index] ?? 0) + before < unpaidMax) return undefined
    return new DomainError('too-many-unpaid-orders', 'Pay for or cancel some of your orders first', {
      members: { limit: unpaidMax },
    })
  })
  return { refusals, now }
}
