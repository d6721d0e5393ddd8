import { images } from '../tables.ts'

/** A picture without its content. */
export type ImageHead = Pick<
  typeof images.$inferSelect,
  'id' | 'productId' | 'contentType' | 'widthPixels' | 'heightPixels' | 'altText'
>

/** The columns of a picture without its content. */
export const imageHead = {
  id: images.id,
  productId: images.productId,
  contentType: images.contentType,
  widthPixels: images.widthPixels,
  heightPixels: images.heightPixels,
  altText: images.altText,
}
