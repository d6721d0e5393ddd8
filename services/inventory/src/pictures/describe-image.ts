import { inTransaction } from '@bazaar/shared/database/database'
import { ownedBy } from '../catalogue/product.ts'
import { lockProduct } from '../catalogue/product-store.ts'
import type { Deps } from '../deps.ts'
import { imageNotFound } from '../errors.ts'
import type { ImageHead } from './image-head.ts'
import { listImages, saveAltText } from './image-store.ts'

/**
 * Keeps what a picture of a seller's product shows, for people who do not see it; null takes it back.
 * @throws {DomainError} not-found, not-your-product.
 */
export async function describeImage(
  deps: Deps,
  request: { sellerId: string; productId: string; imageId: string; altText: string | null },
): Promise<ImageHead> {
  const { sellerId, productId, imageId, altText } = request
  return inTransaction(deps.database, async (tx) => {
    ownedBy(sellerId, await lockProduct(tx, productId))
    const image = (await listImages(tx, productId)).find(({ id }) => id === imageId)
    if (!image) throw imageNotFound()
    await saveAltText(tx, { productId, imageId, altText })
    return { ...image, altText }
  })
}
