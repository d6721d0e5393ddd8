import { outOfStock, priceChanged, productGone } from '../errors.ts'
import type { AskedLine } from './reservation.ts'
import type { StockLevels } from './stock.ts'

/** The values that decide whether a product can be sold. */
export type Offer = { status: 'LISTED' | 'ARCHIVED'; priceMinor: number; currency: string }

/**
 * Checks that every line can be reserved as requested.
 * @throws {DomainError} product-gone, price-changed or out-of-stock, naming the products.
 */
export function refuseUnlessReservable(
  asked: readonly AskedLine[],
  { offers, levels }: { offers: ReadonlyMap<string, Offer>; levels: StockLevels },
): void {
  const idsOf = (wrong: (line: AskedLine) => boolean) => asked.filter(wrong).map(({ productId }) => productId)

  const gone = idsOf(({ productId }) => offers.get(productId)?.status !== 'LISTED' || !levels.has(productId))
  if (gone.length > 0) throw productGone(gone)

  const repriced = idsOf(({ productId, unitPriceMinor, currency }) => {
    const offer = offers.get(productId)
    return offer?.priceMinor !== unitPriceMinor || offer.currency !== currency
  })
  if (repriced.length > 0) throw priceChanged(repriced)

  const short = idsOf(({ productId, quantity }) => (levels.get(productId)?.stockCount ?? 0) < quantity)
  if (short.length > 0) throw outOfStock(short)
}
