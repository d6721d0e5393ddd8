import { inTransaction, type Transaction } from '@bazaar/shared/database'
import type { Deps } from './deps.ts'
import { changedMeanwhile, productArchived, productNotFound } from './errors.ts'
import { ownedBy, type ProductFields, refuseUnknownCurrency } from './product.ts'
import { findProduct, lockProduct, type StoredProduct, saveProduct } from './product-store.ts'

/**
 * Changes what a seller says about his product, if it is still at the version he saw. Orders keep the price
 * they were placed at.
 *
 * @throws {DomainError} not-found, not-your-product, precondition-failed, product-archived, unknown-currency.
 */
export async function changeProduct(
  deps: Deps,
  request: { sellerId: string; productId: string; version: number; changes: Partial<ProductFields> },
): Promise<StoredProduct> {
  const { sellerId, productId, version, changes } = request
  if (changes.currency !== undefined) refuseUnknownCurrency(changes.currency)
  return inTransaction(deps.database, async (tx) => {
    const product = ownedBy(sellerId, await lockProduct(tx, productId))
    if (product.version !== version) throw changedMeanwhile()
    if (product.status === 'ARCHIVED') throw productArchived()
    if (Object.keys(changes).length > 0) await saveProduct(tx, product, changes)
    return stored(tx, productId)
  })
}

/**
 * Takes a product off the market for good. What was ordered of it stays ordered. Repeatable.
 * @throws {DomainError} not-found, not-your-product.
 */
export async function archiveProduct(
  deps: Deps,
  { sellerId, productId }: { sellerId: string; productId: string },
): Promise<StoredProduct> {
  return inTransaction(deps.database, async (tx) => {
    const product = ownedBy(sellerId, await lockProduct(tx, productId))
    if (product.status === 'LISTED') await saveProduct(tx, product, { status: 'ARCHIVED' })
    return stored(tx, productId)
  })
}

async function stored(tx: Transaction, productId: string): Promise<StoredProduct> {
  const product = await findProduct(tx, productId)
  if (!product) throw productNotFound()
  return product
}
