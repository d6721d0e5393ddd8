import { IMAGE_MAX } from '@bazaar/shared/api/inventory'
import { newId } from '@bazaar/shared/database/columns'
import { inTransaction, read } from '@bazaar/shared/database/database'
import { ownedBy } from '../catalogue/product.ts'
import { findSeller, lockProduct } from '../catalogue/product-store.ts'
import type { Deps } from '../deps.ts'
import { imageNotFound, tooManyImages } from '../errors.ts'
import type { ImageHead } from './image-head.ts'
import { deleteImageRow, insertImage, insertNarrower, listImages } from './image-store.ts'

/**
 * Adds a picture to a seller's product, after those it has. Sending the same picture again adds nothing, so an upload
 * whose answer was lost can be repeated.
 *
 * @throws {DomainError} not-found, not-your-product, not-an-image, image-too-large, too-many-images.
 */
export async function addImage(
  deps: Deps,
  request: { sellerId: string; productId: string; file: Blob },
): Promise<ImageHead> {
  const { sellerId, productId, file } = request
  ownedBy(sellerId, await read(deps.database, (connection) => findSeller(connection, productId)))
  const picture = await deps.pictures.remake(file)
  const id = newId()
  return inTransaction(deps.database, async (tx) => {
    await lockProduct(tx, productId)
    const present = await listImages(tx, productId)
    const same = present.find(({ sha256 }) => sha256.equals(picture.sha256))
    if (same) return same
    if (present.length >= IMAGE_MAX.ofProduct) throw tooManyImages(IMAGE_MAX.ofProduct)
    const { narrower, ...shown } = picture
    const position = (present.at(-1)?.position ?? 0) + 1
    const image = { ...shown, id, productId, position, altText: null }
    await insertImage(tx, image)
    for (const one of narrower) await insertNarrower(tx, { ...one, imageId: id })
    return image
  })
}

/**
 * Removes a picture from a seller's product.
 * @throws {DomainError} not-found, not-your-product.
 */
export async function deleteImage(
  deps: Deps,
  request: { sellerId: string; productId: string; imageId: string },
): Promise<void> {
  const { sellerId, productId, imageId } = request
  await inTransaction(deps.database, async (tx) => {
    ownedBy(sellerId, await lockProduct(tx, productId))
    if (!(await deleteImageRow(tx, { productId, imageId }))) throw imageNotFound()
  })
}
