import { isCurrency } from '@bazaar/shared/api/schema'
import { notYourProduct, productNotFound, unknownCurrency } from '../errors.ts'

/** A seller's description of their product. */
export type ProductFields = {
  name: string
  description: string
  category: string
  priceMinor: number
  currency: string
  properties: Record<string, string>
}

/**
 * The product, if it belongs to this seller.
 * @throws {DomainError} not-found; not-your-product.
 */
export function ownedBy<Product extends { sellerId: string }>(
  sellerId: string,
  product: Product | undefined,
): Product {
  if (!product) throw productNotFound()
  if (product.sellerId !== sellerId) throw notYourProduct()
  return product
}

/**
 * Checks the currency of a price.
 * @throws {DomainError} unknown-currency.
 */
export function refuseUnknownCurrency(code: string): void {
  if (!isCurrency(code)) throw unknownCurrency()
}
