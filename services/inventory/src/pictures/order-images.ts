import { inTransaction } from '@bazaar/shared/database/database'
import { ownedBy } from '../catalogue/product.ts'
import { lockProduct } from '../catalogue/product-store.ts'
import type { Deps } from '../deps.ts'
import { imagesDiffer } from '../errors.ts'
import type { ImageHead } from './image-head.ts'
import { listImages, savePositions } from './image-store.ts'

/**
 * Puts the pictures of a seller's product in the given order. All of them must be named, so that one added or removed
 * in the meantime is not overlooked.
 *
 * @throws {DomainError} not-found, not-your-product, images-differ.
 */
export async function orderImages(
  deps: Deps,
  request: { sellerId: string; productId: string; imageIds: readonly string[] },
): Promise<ImageHead[]> {
  const { sellerId, productId, imageIds } = request
  return inTransaction(deps.database, async (tx) => {
    ownedBy(sellerId, await lockProduct(tx, productId))
    const present = new Set((await listImages(tx, productId)).map(({ id }) => id))
    if (present.size !== imageIds.length || !imageIds.every((id) => present.has(id))) throw imagesDiffer()
    await savePositions(tx, { productId, imageIds })
    return listImages(tx, productId)
  })
}
