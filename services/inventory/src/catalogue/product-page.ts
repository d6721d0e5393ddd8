import { inventoryApi } from '@bazaar/shared/api/inventory'
import { readTogether } from '@bazaar/shared/database/read-together'
import { hooksOf } from '@bazaar/shared/http/routes/hooks'
import { preparing } from '@bazaar/shared/http/routes/prepared'
import { productNotFound } from '../errors.ts'
import { productView } from '../views.ts'
import { findProducts } from './product-store.ts'
import { productPageHeaders } from './public-answer.ts'

const prepare = preparing(hooksOf(inventoryApi).readProduct.response[200], productPageHeaders)

/**
 * The public page of a product as it is sent. Pages that are asked for at the same time are read together, and one that
 * several ask for is put together once. Each is read after it was asked for, so price and stock are never old.
 *
 * The function throws {DomainError} not-found, and what `readTogether` throws.
 */
export const readProductPage = readTogether(
  async (connection, productIds: string[]): Promise<(Response | Error)[]> => {
    const products = await findProducts(connection, [...new Set(productIds)])
    const pages = new Map(products.map((product) => [product.id, prepare(productView(product))]))
    return productIds.map((id) => pages.get(id) ?? productNotFound())
  },
)
