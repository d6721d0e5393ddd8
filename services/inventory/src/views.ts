import {
  IMAGE_WIDTHS,
  type inventoryApi,
  type product as productSchema,
  type reservation as reservationSchema,
} from '@bazaar/shared/api/inventory'
import type { StoredCard } from './catalogue/catalogue-store.ts'
import type { StoredCategory, StoredHomePage } from './catalogue/home-store.ts'
import type { StoredProduct } from './catalogue/product-store.ts'
import type { ImageHead } from './pictures/image-head.ts'
import type { Outcome } from './stock/decide-reservations.ts'
import type { Reservation } from './stock/reservation.ts'
import type { Movement } from './stock/stock.ts'

type Operations = typeof inventoryApi.operations
/** A product as its own page shows it. */
export type ProductView = (typeof productSchema)['static']
type ImageView = Operations['addImage']['response'][201]['static']
type OutcomeView = Operations['placeReservations']['response'][200]['static']['items'][number]
type Refusal = NonNullable<OutcomeView['refusal']>['code']
type MovementView = Operations['adjustStock']['response'][201]['static']

/** Shows a picture: its properties, its address, and how narrow it can be had. */
export function imageView({ id, productId, contentType, ...head }: ImageHead): ImageView {
  const { widthPixels, heightPixels, altText } = head
  const widths = IMAGE_WIDTHS.filter((width) => width < widthPixels)
  return { id, url: imageUrl(productId, id), contentType, widthPixels, heightPixels, widths, altText }
}

function imageUrl(productId: string, imageId: string): string {
  return `/products/${productId}/images/${imageId}`
}

/** Shows a product in a list. */
export function cardView({ stockCount, imageId, ...card }: StoredCard) {
  return {
    ...card,
    inStock: stockCount > 0,
    imageUrl: imageId === null ? null : imageUrl(card.id, imageId),
  }
}

/** Shows a product on its own page. */
export function productView({ images, createdAt, changedAt, ...product }: StoredProduct): ProductView {
  const [first] = images
  return {
    ...product,
    inStock: product.stockCount > 0,
    imageUrl: first ? imageUrl(product.id, first.id) : null,
    images: images.map(imageView),
    createdAt: createdAt.toISOString(),
    changedAt: changedAt.toISOString(),
  }
}

/** Shows a category. */
export function categoryView({ category, products, image }: StoredCategory) {
  return { category, products, imageUrl: image ? imageUrl(image.productId, image.id) : null }
}

/** Shows the home page. */
export function homeView({ categories, newest, almostGone }: StoredHomePage) {
  return {
    categories: categories.map(categoryView),
    newest: newest.map(cardView),
    almostGone: almostGone.map(cardView),
  }
}

/** Shows a movement of stock to the seller. */
export function movementView({
  at,
  delta,
  stockAfter,
  reason,
}: Pick<Movement, 'at' | 'delta' | 'stockAfter' | 'reason'>): MovementView {
  return { at: at.toISOString(), delta, stockAfter, reason }
}

/** Shows the products that are still reserved for an order. */
export function reservationView(stored: Reservation): (typeof reservationSchema)['static'] {
  const { orderId, status, expiresAt, lines } = stored
  return {
    orderId,
    status,
    expiresAt: status === 'HELD' && expiresAt ? expiresAt.toISOString() : null,
    lines: lines.map(({ productId, quantity, releasedQuantity }) => ({
      productId,
      quantity: quantity - releasedQuantity,
    })),
  }
}

/** Shows what became of one of several orders. */
export function outcomeView(orderId: string, outcome: Outcome | undefined): OutcomeView {
  if (!outcome) return { orderId }
  if ('reservation' in outcome) return { orderId, reservation: reservationView(outcome.reservation) }
  const { code, members } = outcome.refusal
  const { productIds = [] } = members as { productIds?: string[] }
  return { orderId, refusal: { code: code as Refusal, productIds } }
}
