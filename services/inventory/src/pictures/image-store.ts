import type { Reader, Transaction } from '@bazaar/shared/database/database'
import { and, asc, eq, getTableColumns, sql } from 'drizzle-orm'
import { images, imageWidths } from '../tables.ts'
import { type ImageHead, imageHead } from './image-head.ts'

/** A picture as it is stored. */
export type StoredImage = typeof images.$inferSelect

/** A picture of a product with its content. */
export async function findImage(
  connection: Reader,
  { productId, imageId }: { productId: string; imageId: string },
): Promise<StoredImage | undefined> {
  const [found] = await connection
    .select()
    .from(images)
    .where(and(eq(images.id, imageId), eq(images.productId, productId)))
  return found
}

/** A picture of a product at one of the widths that it was made in. */
export async function findNarrower(
  connection: Reader,
  { productId, imageId, widthPixels }: { productId: string; imageId: string; widthPixels: number },
): Promise<StoredImage | undefined> {
  const [found] = await connection
    .select({ ...getTableColumns(images), content: imageWidths.content })
    .from(images)
    .innerJoin(imageWidths, and(eq(imageWidths.imageId, images.id), eq(imageWidths.widthPixels, widthPixels)))
    .where(and(eq(images.id, imageId), eq(images.productId, productId)))
  return found
}

/** Whether a picture is there still; locked until the end of the transaction, so that nobody removes it meanwhile. */
export async function lockImage(tx: Transaction, imageId: string): Promise<boolean> {
  const found = await tx.select({ id: images.id }).from(images).where(eq(images.id, imageId)).for('update')
  return found.length > 0
}

/** Stores a picture at a width of its own, unless somebody has done so. */
export async function insertNarrower(
  tx: Transaction,
  narrower: typeof imageWidths.$inferSelect,
): Promise<void> {
  const { imageId } = narrower
  await tx.insert(imageWidths).values(narrower).onDuplicateKeyUpdate({ set: { imageId } })
}

/** The pictures of a product in their order, without their content. */
export async function listImages(
  connection: Reader,
  productId: string,
): Promise<(ImageHead & Pick<StoredImage, 'sha256' | 'position'>)[]> {
  return connection
    .select({ ...imageHead, sha256: images.sha256, position: images.position })
    .from(images)
    .where(eq(images.productId, productId))
    .orderBy(asc(images.position))
}

/** Stores a new picture. */
export async function insertImage(tx: Transaction, image: StoredImage): Promise<void> {
  await tx.insert(images).values(image)
}

/** Stores what a picture of a product shows, or null. */
export async function saveAltText(
  tx: Transaction,
  { productId, imageId, altText }: { productId: string; imageId: string; altText: string | null },
): Promise<void> {
  await tx
    .update(images)
    .set({ altText })
    .where(and(eq(images.id, imageId), eq(images.productId, productId)))
}

/** Removes a picture of a product. False when it does not exist. */
export async function deleteImageRow(
  tx: Transaction,
  { productId, imageId }: { productId: string; imageId: string },
): Promise<boolean> {
  const [result] = await tx.delete(images).where(and(eq(images.id, imageId), eq(images.productId, productId)))
  if (result.affectedRows === 0) return false
  await tx.delete(imageWidths).where(eq(imageWidths.imageId, imageId))
  return true
}

/** Stores the order of the pictures of a product, which has to be locked. All of them must be named. */
export async function savePositions(
  tx: Transaction,
  { productId, imageIds }: { productId: string; imageIds: readonly string[] },
): Promise<void> {
  // No two pictures may share a position, not even between two of these statements.
  await tx
    .update(images)
    .set({ position: sql`-${images.position}` })
    .where(eq(images.productId, productId))
  for (const [index, id] of imageIds.entries())
    await tx
      .update(images)
      .set({ position: index + 1 })
      .where(and(eq(images.id, id), eq(images.productId, productId)))
}
