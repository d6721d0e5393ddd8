import { inTransaction, read } from '@bazaar/shared/database/database'
import type { Deps } from '../deps.ts'
import { imageNotFound } from '../errors.ts'
import { findImage, findNarrower, insertNarrower, lockImage } from './image-store.ts'

/** A picture as it is sent. */
export type ShownImage = { content: Buffer; contentType: string; etag: string }

/**
 * A picture of a product, as wide as wanted, or as it is if it is no wider. A width that is missing, because older
 * programs stored the picture, is made when it is first wanted, and kept.
 *
 * @throws {DomainError} not-found; too-many-requests when too many pictures are being made.
 */
export async function showImage(
  deps: Pick<Deps, 'database' | 'pictures'>,
  { widthPixels, ...wanted }: { productId: string; imageId: string; widthPixels: number | undefined },
): Promise<ShownImage> {
  const ready =
    widthPixels &&
    (await read(deps.database, (connection) => findNarrower(connection, { ...wanted, widthPixels })))
  const image = ready || (await read(deps.database, (connection) => findImage(connection, wanted)))
  if (!image) throw imageNotFound()
  const { contentType, sha256 } = image
  const tag = sha256.toString('hex')
  if (!widthPixels || image.widthPixels <= widthPixels)
    return { content: image.content, contentType, etag: `"${tag}"` }
  const content = ready ? ready.content : await narrowAndKeep(deps, { ...image, wantedPixels: widthPixels })
  return { content, contentType, etag: `"${tag}-${widthPixels}"` }
}

async function narrowAndKeep(
  { database, pictures }: Pick<Deps, 'database' | 'pictures'>,
  { id, content, wantedPixels }: { id: string; content: Buffer; wantedPixels: number },
): Promise<Buffer> {
  const narrower = await pictures.narrow(content, wantedPixels)
  await inTransaction(database, async (tx) => {
    if (await lockImage(tx, id)) await insertNarrower(tx, { ...narrower, imageId: id })
  })
  return narrower.content
}
