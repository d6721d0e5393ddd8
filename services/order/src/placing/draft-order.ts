import { ORDER_LINES_MAX } from '@bazaar/shared/api/inventory'
import { AMOUNT_MINOR_MAX } from '@bazaar/shared/api/schema'
import type { Session } from '@bazaar/shared/auth/admission'
import { RemoteProblem } from '@bazaar/shared/clients/client'
import { newId } from '@bazaar/shared/database/columns'
import { hashOfKey } from '@bazaar/shared/database/idempotency-keys'
import { DomainError } from '@bazaar/shared/problem'
import { gatherOn } from '@bazaar/shared/process/gather'
import type { Deps } from '../deps.ts'
import { rejected, totalTooLarge } from '../errors.ts'
import { type Line, totalMinor } from '../orders/amounts.ts'
import type { StoredOrder } from '../orders/order-store.ts'
import type { PaymentChoice } from '../payment/payment.ts'
import { GATHERED } from './gathered.ts'

/** A buyer's basket, delivery address and payment choice. */
export type Basket = {
  lines: { productId: string; quantity: number }[]
  addressId: string
  payment: PaymentChoice
  expectedTotalMinor?: number
}

/** An order that is about to be stored. */
export type Draft = Pick<
  StoredOrder,
  'id' | 'buyerId' | 'currency' | 'totalMinor' | 'shipTo' | 'placedKeyHash'
> & { lines: DraftLine[] }

type DraftLine = Line & { name: string }
type Offers = Awaited<ReturnType<Deps['inventory']['listOffers']>>['body']['items']

/**
 * The order as it will be stored: with the current names, sellers and prices and a copy of the address. Inventory and
 * user are asked at the same time; nothing is stored yet.
 *
 * @throws {DomainError} duplicate-product, unknown-product, product-gone, mixed-currencies, total-too-large,
 * price-changed, unknown-address, unauthenticated or too-many-requests.
 */
export async function draftOrder(
  deps: Deps,
  { buyer, key, basket }: { buyer: Session; key: string; basket: Basket },
): Promise<Draft> {
  const productIds = basket.lines.map((line) => line.productId)
  if (new Set(productIds).size < productIds.length)
    throw wrongLines('duplicate-product', 'Name each product once, with its total quantity')
  const [offers, shipTo] = await Promise.all([
    orBusy(offersOf(deps.inventory, productIds)),
    readAddress(deps, buyer, basket.addressId),
  ])
  const { currency, lines } = linesOf(basket, offers)
  const total = totalMinor(lines)
  if (total > AMOUNT_MINOR_MAX) throw totalTooLarge()
  if (basket.expectedTotalMinor !== undefined && basket.expectedTotalMinor !== total)
    throw rejected('PRICE_CHANGED', { totalMinor: total })
  const placedKeyHash = hashOfKey(key)
  return { id: newId(), buyerId: buyer.userId, currency, totalMinor: total, shipTo, placedKeyHash, lines }
}

/** What inventory offers of the products, asked together with what others order at the same time. */
const offersOf = gatherOn(
  async (inventory: Deps['inventory'], all: string[][]): Promise<(Offers | Error)[]> => {
    const productIds = [...new Set(all.flat())].join(',')
    try {
      const { body } = await inventory.listOffers({ query: { productIds } })
      return all.map(() => body.items)
    } catch (error) {
      // Inventory refuses the call, whatever is asked: it need not be asked again for each.
      if (error instanceof RemoteProblem) return all.map(() => error)
      throw error
    }
  },
  { ...GATHERED, of: 'inventory', batchMax: ORDER_LINES_MAX, sizeOf: (productIds) => productIds.length },
)

/** The lines of a basket with inventory's names and prices, all in one currency. */
function linesOf(basket: Basket, offers: Offers): { currency: string; lines: DraftLine[] } {
  const offered = basket.lines.map(({ productId, quantity }, index) => {
    const offer = offers.find((one) => one.productId === productId)
    if (offer) return { offer, quantity }
    throw new DomainError('unknown-product', 'There is no such product', {
      errors: [{ pointer: `/lines/${index}/productId`, code: 'unknown' }],
    })
  })
  const gone = offered.filter(({ offer }) => offer.status !== 'LISTED').map(({ offer }) => offer.productId)
  if (gone.length > 0) throw rejected('PRODUCT_GONE', { productIds: gone })
  const [currency = '', ...others] = new Set(offered.map(({ offer }) => offer.currency))
  if (others.length > 0) throw wrongLines('mixed-currencies', 'Order products of one currency at a time')
  const lines = offered.map(({ offer, quantity }) => {
    const { productId, sellerId, name, priceMinor: unitPriceMinor } = offer
    return { productId, sellerId, name, unitPriceMinor, quantity, cancelledQuantity: 0 }
  })
  return { currency, lines }
}

function wrongLines(code: string, detail: string): DomainError {
  return new DomainError(code, detail, { errors: [{ pointer: '/lines', code }] })
}

/** If another service is too busy for this buyer, they have to wait here as well. */
async function orBusy<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (cause) {
    if (!(cause instanceof RemoteProblem) || cause.status !== 429) throw cause
    throw new DomainError('too-many-requests', 'Too many requests; try again later', {
      retryAfterSeconds: cause.retryAfterSeconds ?? 1,
      cause,
    })
  }
}

async function readAddress(deps: Deps, buyer: Session, addressId: string): Promise<Draft['shipTo']> {
  try {
    const { body } = await orBusy(deps.users.readAddress({ params: { addressId }, session: buyer.token }))
    const { id: _id, kind: _kind, isDefault: _isDefault, ...shipTo } = body
    return shipTo
  } catch (error) {
    if (!(error instanceof RemoteProblem)) throw error
    if (error.status === 401)
      throw new DomainError('unauthenticated', 'The session has ended; log in again', { cause: error })
    throw new DomainError('unknown-address', 'You have no such address', {
      errors: [{ pointer: '/addressId', code: 'unknown' }],
      cause: error,
    })
  }
}
