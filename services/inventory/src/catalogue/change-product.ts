import type { Session } from '@bazaar/shared/auth/admission'
import { inTransaction, type Transaction } from '@bazaar/shared/database/database'
import { type IfMatch, isMatch } from '@bazaar/shared/http/request/headers'
import type { Deps } from '../deps.ts'
import { changedMeanwhile, productArchived, productNotFound } from '../errors.ts'
import { refuseUnverified } from '../sellers/refuse-unverified.ts'
import { refuseStopped } from '../sellers/stop-selling.ts'
import { ownedBy, type ProductFields, refuseUnknownCurrency } from './product.ts'
import {
  findProduct,
  lockProduct,
  type ProductRow,
  type StoredProduct,
  saveProduct,
} from './product-store.ts'
import { refuseCardNumberAsName } from './property-names.ts'

/**
 * Changes the seller's description of a product, if it is still at the version they saw. Orders keep the price they
 * were placed at.
 *
 * @throws {DomainError} not-found, not-your-product, precondition-failed, product-archived, unknown-currency,
 * validation-failed.
 */
export async function changeProduct(
  deps: Deps,
  request: { sellerId: string; productId: string; ifMatch: IfMatch; changes: Partial<ProductFields> },
): Promise<StoredProduct> {
  const { sellerId, productId, ifMatch, changes } = request
  if (changes.currency !== undefined) refuseUnknownCurrency(changes.currency)
  refuseCardNumberAsName(changes.properties ?? {})
  return inTransaction(deps.database, async (tx) => {
    const product = ownedBy(sellerId, await lockProduct(tx, productId))
    refuseStale(product, ifMatch)
    if (product.status === 'ARCHIVED') throw productArchived()
    if (Object.keys(changes).length > 0) await saveProduct(tx, product, changes)
    return stored(tx, productId)
  })
}

type Move = {
  seller: Pick<Session, 'userId' | 'createdAt' | 'emailVerified'>
  productId: string
  ifMatch: IfMatch | undefined
}

/**
 * Takes a product off the market. Existing orders are not affected. Repeatable.
 * @throws {DomainError} not-found, not-your-product, precondition-failed.
 */
export async function archiveProduct(deps: Deps, move: Move): Promise<StoredProduct> {
  return moveProduct(deps, move, 'ARCHIVED')
}

/**
 * Puts an archived product back on the market, with the stock it has. Repeatable.
 * @throws {DomainError} not-found, not-your-product, account-closing, email-not-verified,
 * precondition-failed.
 */
export async function relistProduct(deps: Deps, move: Move): Promise<StoredProduct> {
  refuseUnverified(deps, move.seller)
  return moveProduct(deps, move, 'LISTED')
}

async function moveProduct(
  deps: Deps,
  { seller, productId, ifMatch }: Move,
  status: ProductRow['status'],
): Promise<StoredProduct> {
  return inTransaction(deps.database, async (tx) => {
    if (status === 'LISTED') await refuseStopped(tx, seller)
    const product = ownedBy(seller.userId, await lockProduct(tx, productId))
    refuseStale(product, ifMatch)
    if (product.status !== status) await saveProduct(tx, product, { status })
    return stored(tx, productId)
  })
}

/** @throws {DomainError} precondition-failed when the caller has not seen the current version. */
function refuseStale(product: ProductRow, ifMatch: IfMatch | undefined): void {
  if (!isMatch(ifMatch, product.version)) throw changedMeanwhile()
}

async function stored(tx: Transaction, productId: string): Promise<StoredProduct> {
  const product = await findProduct(tx, productId)
  if (!product) throw productNotFound()
  return product
}
