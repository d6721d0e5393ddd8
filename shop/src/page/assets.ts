import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { Elysia } from 'elysia'
import type { Visits } from '../visit/visiting.ts'

const own = (name: string) => readFileSync(fileURLToPath(new URL(name, import.meta.url)))
const style = own('style.css')
const sortScript = own('sort-pictures.js')
const icon = own('icon.svg')
const digest = (content: Buffer) => createHash('sha256').update(content).digest('base64url').slice(0, 12)

/** A file under such a name never changes. */
const FOREVER = 'public, max-age=31536000, immutable'

/** Where the style is. Its name changes with it. */
export const STYLE_PATH = `/assets/style-${digest(style)}.css`
/** Where the script is that has pictures dragged into order. */
export const SORT_SCRIPT_PATH = `/assets/sort-pictures-${digest(sortScript)}.js`

/** The widths in which inventory has each picture, but for those that it would have to be made wider for. */
export const PICTURE_WIDTHS = ['240', '480', '960'] as const

/** Where a picture of a product is shown, from where inventory has it; as wide as it is stored, or narrower. */
export function picturePath(imageUrl: string, width?: (typeof PICTURE_WIDTHS)[number]): string {
  const path = imageUrl.replace(/^\/products\/([^/]+)\/images\/([^/]+)$/, '/pictures/$1/$2')
  return width === undefined ? path : `${path}?width=${width}`
}

/** A file of the shop, sent as short as it can be. Pages are not: what is secret in them could be told by their length. */
function file(content: Buffer, type: string, caching: string) {
  const short = gzipSync(content)
  const headers = {
    'content-type': type,
    'cache-control': caching,
    'x-content-type-options': 'nosniff',
    vary: 'accept-encoding',
  }
  return ({ request }: { request: Request }) =>
    /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '')
      ? new Response(new Uint8Array(short), { headers: { ...headers, 'content-encoding': 'gzip' } })
      : new Response(new Uint8Array(content), { headers })
}

/** The style, the script, the icon, and the pictures of the products: inventory need not be reached from outside. */
export function assetRoutes({ plugin }: Visits) {
  return new Elysia()
    .get(STYLE_PATH, file(style, 'text/css; charset=utf-8', FOREVER))
    .get(SORT_SCRIPT_PATH, file(sortScript, 'text/javascript; charset=utf-8', FOREVER))
    .get('/icon.svg', file(icon, 'image/svg+xml', 'public, max-age=86400'))
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
