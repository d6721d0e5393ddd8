import { inventoryApi } from '@bazaar/shared/api/inventory'
import { read } from '@bazaar/shared/database/database'
import { hooksOf } from '@bazaar/shared/http/routes/hooks'
import { operations } from '@bazaar/shared/http/routes/operations'
import { preparing } from '@bazaar/shared/http/routes/prepared'
import { Elysia } from 'elysia'
import { findHomePage } from './catalogue/home-store.ts'
import { type KeptPage, keptPage } from './catalogue/kept-page.ts'
import { readCategoryList, readProductList } from './catalogue/list-pages.ts'
import { readProductPage } from './catalogue/product-page.ts'
import { HOME_PAGE_KEPT_MS, homePageHeaders } from './catalogue/public-answer.ts'
import type { Deps } from './deps.ts'
import { showImage } from './pictures/show-image.ts'
import { homeView } from './views.ts'

/** A picture never changes: another picture has another id, and each width of it another address. */
const FOR_EVER = 'public, max-age=31536000, immutable'

/** The home page as it is sent, shared by all its readers. */
export function createHomePage({ database }: Deps): KeptPage<Response> {
  const prepare = preparing(hooksOf(inventoryApi).readHomePage.response[200], homePageHeaders)
  return keptPage(async () => prepare(homeView(await read(database, findHomePage))), {
    forMs: HOME_PAGE_KEPT_MS,
  })
}

/** The public pages of the catalogue. */
export function catalogueRoutes(deps: Deps, homePage: KeptPage<Response>) {
  const { database } = deps
  const inventory = hooksOf(inventoryApi)
  return new Elysia()
    .use(operations)
    .get('/home', () => homePage.read(), inventory.readHomePage)
    .get('/categories', ({ query }) => readCategoryList(deps, query), inventory.listCategories)
    .get('/products', ({ query }) => readProductList(deps, query), inventory.listProducts)
    .get(
      '/products/:productId',
      ({ params }) => readProductPage(database, params.productId),
      inventory.readProduct,
    )
    .get(
      '/products/:productId/images/:imageId',
      async ({ params, query, set }) => {
        const widthPixels = query.width === undefined ? undefined : Number(query.width)
        const { content, contentType, etag } = await showImage(deps, { ...params, widthPixels })
        set.headers['content-type'] = contentType
        set.headers.etag = etag
        set.headers['cache-control'] = FOR_EVER
        return content
      },
      inventory.readImage,
    )
}
