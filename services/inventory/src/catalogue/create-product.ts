import { inventoryApi } from '@bazaar/shared/api/inventory'
import type { Session } from '@bazaar/shared/auth/admission'
import { newId } from '@bazaar/shared/database/columns'
import { once } from '@bazaar/shared/database/idempotency-keys'
import type { Reply } from '@bazaar/shared/reply'
import type { Deps } from '../deps.ts'
import { refuseUnverified } from '../sellers/refuse-unverified.ts'
import { refuseStopped } from '../sellers/stop-selling.ts'
import { insertStock } from '../stock/stock-store.ts'
import { type ProductView, productView } from '../views.ts'
import { type ProductFields, refuseUnknownCurrency } from './product.ts'
import { findProduct, insertProduct } from './product-store.ts'
import { refuseCardNumberAsName } from './property-names.ts'
import { productHeaders } from './public-answer.ts'

type Seller = Pick<Session, 'userId' | 'createdAt' | 'emailVerified'>

/** A seller's new product and its initial stock. */
export type NewProduct = Omit<ProductFields, 'properties'> &
  Partial<Pick<ProductFields, 'properties'>> & { stockCount: number }

/**
 * Offers a product. The product, its stock and the first line of its ledger are stored together or not at all. The
 * same key makes it once.
 *
 * @throws {DomainError} unknown-currency; validation-failed; account-closing; email-not-verified;
 * idempotency-key-reused.
 */
export async function createProduct(
  deps: Deps,
  request: { seller: Seller; key: string; product: NewProduct },
): Promise<Reply<ProductView>> {
  const { seller, key, product } = request
  const sellerId = seller.userId
  const { stockCount, properties = {}, ...fields } = product
  refuseUnknownCurrency(fields.currency)
  refuseCardNumberAsName(properties)
  return once<ProductView>(
    deps.database,
    { ownerId: sellerId, operation: 'createProduct', key, request: { body: product } },
    {
      kinds: inventoryApi.problems,
      async work(tx) {
        refuseUnverified(deps, seller)
        await refuseStopped(tx, seller)
        const id = newId()
        await insertProduct(tx, { ...fields, properties, id, sellerId })
        await insertStock(tx, { productId: id, stockCount })
        const stored = await findProduct(tx, id)
        if (!stored) throw new Error('a product that was just stored is not there')
        const body = productView(stored)
        return { status: 201, body, headers: { ...productHeaders(body), location: `/products/${id}` } }
      },
    },
  )
}
