import { createHash } from 'node:crypto'
import { Reply } from '@bazaar/shared/reply'
import type { ProductView } from '../views.ts'

/** Anybody may cache it, but must revalidate it each time: prices and stock are never shown from memory. */
const ASK_EACH_TIME = 'public, max-age=0, must-revalidate'

/** The headers of a page of the catalogue, from its text. */
export function pageHeaders(text: string): { 'cache-control': string; etag: string } {
  return { 'cache-control': ASK_EACH_TIME, etag: `"${fingerprintOf(text)}"` }
}

/** The time for which the home page, which everybody reads first, is cached here and by its readers. */
export const HOME_PAGE_KEPT_MS = 1_000

/** The headers of the home page, from its text. */
export function homePageHeaders(text: string): { 'cache-control': string; etag: string } {
  return {
    'cache-control': `public, max-age=${HOME_PAGE_KEPT_MS / 1_000}, must-revalidate`,
    etag: `"${fingerprintOf(text)}"`,
  }
}

/** The headers of a product's public page, from its text. */
export function productPageHeaders(
  text: string,
  { version }: ProductView,
): { 'cache-control': string; etag: string } {
  return { 'cache-control': ASK_EACH_TIME, etag: productTag(version, text) }
}

/** The headers of a product that is shown to its seller. */
export function ownProductAnswer(product: ProductView): Reply<ProductView> {
  return new Reply(product, { headers: productHeaders(product) })
}

/**
 * The ETag of a product: the version that its seller's changes are based on, and a fingerprint of everything that is
 * shown, because the stock changes without the seller.
 */
export function productHeaders(product: ProductView): { etag: string } {
  return { etag: productTag(product.version, JSON.stringify(product)) }
}

function productTag(version: number, text: string): string {
  return `"${version}-${fingerprintOf(text)}"`
}

function fingerprintOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 20)
}
