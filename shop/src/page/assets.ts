import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Elysia } from 'elysia'
import type { Visits } from '../visit/visiting.ts'

const own = (name: string) => readFileSync(fileURLToPath(new URL(name, import.meta.url)))
const style = own('style.css')
const icon = own('icon.svg')
const digest = createHash('sha256').update(style).digest('base64url').slice(0, 12)

/** A file under such a name never changes. */
const FOREVER = 'public, max-age=31536000, immutable'

/** Where the style is. Its name changes with it. */
export const STYLE_PATH = `/assets/style-${digest}.css`

/** The widths in which inventory has each picture, but for those that it would have to be made wider for. */
export const PICTURE_WIDTHS = ['240', '480', '960'] as const

/** Where a picture of a product is shown, from where inventory has it; as wide as it is stored, or narrower. */
export function picturePath(imageUrl: string, width?: (typeof PICTURE_WIDTHS)[number]): string {
  const path = imageUrl.replace(/^\/products\/([^/]+)\/images\/([^/]+)$/, '/pictures/$1/$2')
  return width === undefined ? path : `${path}?width=${width}`
}

/** The style, the icon, and the pictures of the products: inventory need not be reached from outside. */
export function assetRoutes({ plugin }: Visits) {
  const file = (content: Uint8Array<ArrayBuffer>, type: string, caching: string) =>
    new Response(content, {
      headers: { 'content-type': type, 'cache-control': caching, 'x-content-type-options': 'nosniff' },
    })
  return new Elysia()
    .get(STYLE_PATH, () => file(new Uint8Array(style), 'text/css; charset=utf-8', FOREVER))
    .get('/icon.svg', () => file(new Uint8Array(icon), 'image/svg+xml', 'public, max-age=86400'))
    .use(plugin)
    .get('/pictures/:productId/:imageId', async ({ visit, params, query }) => {
      const width = PICTURE_WIDTHS.find((one) => one === query['width'])
      const { body } = await visit.bazaar.inventory.readImage({ ...params, width })
      // A picture never changes; whatever it is, it is shown as a picture and not as a page.
      return new Response(body, {
        headers: {
          'content-type': body.type === 'image/webp' ? 'image/webp' : 'application/octet-stream',
          'cache-control': FOREVER,
          'x-content-type-options': 'nosniff',
          'content-security-policy': "default-src 'none'",
        },
      })
    })
}
