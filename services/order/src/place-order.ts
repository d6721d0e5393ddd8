import { AMOUNT_MINOR_MAX } from '@bazaar/shared/api/schema'
import type { Session } from '@bazaar/shared/auth/admission'
import { RemoteProblem } from '@bazaar/shared/clients/client'
import { newId } from '@bazaar/shared/database/columns'
import { inTransaction, read, type Transaction } from '@bazaar/shared/database/database'
import { duplicateKey } from '@bazaar/shared/database/errors'
import {
  claimKey,
  findClaim,
  hashOfKey,
  type KeyedRequest,
  replay,
} from '@bazaar/shared/database/idempotency-keys'
import { DomainError } from '@bazaar/shared/problem'
import type { Reply } from '@bazaar/shared/reply'
import { answerWhenSettled, keyInUse } from './answer-order.ts'
import type { Deps } from './deps.ts'
import { rejected, totalTooLarge } from './errors.ts'
import { insertEvent } from './event-store.ts'
import { type Line, totalMinor } from './order.ts'
import { countUnpaid, insertOrder, type NewOrder } from './order-store.ts'
import { type PaymentChoice, paymentMethod } from './payment.ts'
import { insertPayment } from './payment-store.ts'
import type { OrderView } from './views.ts'

/** What a buyer wants to order, where it goes and how he pays. */
export type Basket = {
  lines: { productId: string; quantity: number }[]
  addressId: string
  payment: PaymentChoice
  expectedTotalMinor?: number
}

/**
 * Places an order: keeps it as PENDING together with its Idempotency-Key, then settles it. The same key with
 * the same basket leads to the same order, whatever broke off in between.
 *
 * @throws {DomainError} the refusals of POST /orders.
 * @throws {DependencyUnavailable} when nothing was kept; once it was, the answer is 202 instead.
 */
export async function placeOrder(
  deps: Deps,
  request: { buyer: Session; key: string; basket: Basket },
): Promise<Reply<OrderView>> {
  const { buyer, key, basket } = request
  const keyed: KeyedRequest = { ownerId: buyer.userId, operation: 'placeOrder', key, request: basket }
  const known = await read(deps.database, (connection) => findClaim(connection, keyed))
  if (known.found === 'answer') return replay(known.answer, true)
  if (known.found === 'unfinished')
    return answerWhenSettled(deps, keyed, { orderId: known.resourceId, takeOver: true })

  const order = await draftOrder(deps, request)
  // failpoint: place-order.before-keep
  const claim = await keepOrder(deps, keyed, order, basket.payment)
  // failpoint: keep-order.after-commit
  if (claim.found === 'answer') return replay(claim.answer, true)
  if (claim.found === 'unfinished') throw keyInUse()
  return answerWhenSettled(deps, keyed, { orderId: order.id, takeOver: false })
}

/** The order as it will be kept: with the names, sellers and prices of this moment and a copy of the address. */
async function draftOrder(
  deps: Deps,
  { buyer, key, basket }: { buyer: Session; key: string; basket: Basket },
): Promise<NewOrder> {
  const productIds = basket.lines.map((line) => line.productId)
  if (new Set(productIds).size < productIds.length) {
    throw new DomainError('duplicate-product', 'Name each product once, with the quantity in all', {
      errors: [{ pointer: '/lines', code: 'duplicate-product' }],
    })
  }
  const [offers, shipTo] = await Promise.all([
    orBusy(deps.inventory.listOffers({ query: { productIds: productIds.join(',') } })),
    readAddress(deps, buyer, basket.addressId),
  ])
  const gone: string[] = []
  const lines = basket.lines.map(
    ({ productId, quantity }, index): Line & { name: string; currency: string } => {
      const offer = offers.body.items.find((one) => one.productId === productId)
      if (!offer) {
        throw new DomainError('unknown-product', 'There is no such product', {
          errors: [{ pointer: `/lines/${index}/productId`, code: 'unknown' }],
        })
      }
      if (offer.status !== 'LISTED') gone.push(productId)
      const { sellerId, name, currency, priceMinor: unitPriceMinor } = offer
      return { productId, sellerId, name, currency, unitPriceMinor, quantity, cancelledQuantity: 0 }
    },
  )
  if (gone.length > 0) throw rejected('PRODUCT_GONE', { productIds: gone })
  const currency = lines[0]?.currency ?? ''
  if (lines.some((line) => line.currency !== currency)) {
    throw new DomainError('mixed-currencies', 'Order products of one currency at a time', {
      errors: [{ pointer: '/lines', code: 'mixed-currencies' }],
    })
  }
  const total = totalMinor(lines)
  if (total > AMOUNT_MINOR_MAX) throw totalTooLarge()
  if (basket.expectedTotalMinor !== undefined && basket.expectedTotalMinor !== total)
    throw rejected('PRICE_CHANGED', { totalMinor: total })
  return {
    id: newId(),
    buyerId: buyer.userId,
    currency,
    totalMinor: total,
    shipTo,
    placedKeyHash: hashOfKey(key),
    lines,
  }
}

/** Who has to wait over there has to wait here, too. */
async function orBusy<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (cause) {
    if (!(cause instanceof RemoteProblem) || cause.status !== 429) throw cause
    throw new DomainError('too-many-requests', 'Too many requests, try again later', {
      retryAfterSeconds: cause.retryAfterSeconds ?? 1,
      cause,
    })
  }
}

async function readAddress(deps: Deps, buyer: Session, addressId: string): Promise<NewOrder['shipTo']> {
  try {
    const { body } = await orBusy(deps.users.readAddress({ params: { addressId }, session: buyer.token }))
    const { id: _id, kind: _kind, isDefault: _isDefault, ...shipTo } = body
    return shipTo
  } catch (error) {
    if (!(error instanceof RemoteProblem)) throw error
    if (error.status === 401)
      throw new DomainError('unauthenticated', 'The session ended meanwhile', { cause: error })
    throw new DomainError('unknown-address', 'You have no such address', {
      errors: [{ pointer: '/addressId', code: 'unknown' }],
      cause: error,
    })
  }
}

/**
 * Lets nobody empty the shelves with orders that he does not pay. Of orders that are placed in the same moment each
 * may miss the others; how many those can be is bounded, too.
 *
 * @throws {DomainError} too-many-unpaid-orders.
 */
async function refuseHoarding(
  deps: Deps,
  tx: Transaction,
  buyerId: string,
  choice: PaymentChoice,
): Promise<void> {
  const most = deps.config.unpaidOrdersMax
  const onDelivery = choice.type === 'CASH_ON_DELIVERY'
  if ((await countUnpaid(tx, { buyerId, most, onDelivery })) < most) return
  throw new DomainError('too-many-unpaid-orders', 'Pay or cancel some of your orders first', {
    members: { limit: most },
  })
}

/** Keeps the order and its key, both or neither: from here on it is not lost. */
async function keepOrder(deps: Deps, keyed: KeyedRequest, order: NewOrder, choice: PaymentChoice) {
  const method = paymentMethod(choice)
  try {
    return await inTransaction(deps.database, async (tx) => {
      const claim = await claimKey(tx, keyed, order.id)
      if (claim.found !== 'nothing') return claim
      await refuseHoarding(deps, tx, order.buyerId, choice)
      await insertOrder(tx, order)
      await insertPayment(tx, { ...order, amountMinor: order.totalMinor }, method)
      await insertEvent(tx, order.id, {
        type: 'PLACED',
        actor: 'BUYER',
        actorId: order.buyerId,
        detail: { totalMinor: order.totalMinor },
      })
      // failpoint: keep-order.before-commit
      return claim
    })
  } catch (error) {
    if (duplicateKey(error) !== 'orders_buyer_key') throw error
    throw new DomainError(
      'idempotency-key-expired',
      'An order was placed with this key long ago; take a new key for a new order',
      { cause: error },
    )
  }
}
