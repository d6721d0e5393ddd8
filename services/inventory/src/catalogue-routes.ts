import { inventoryApi } from '@bazaar/shared/api/inventory'
import { read } from '@bazaar/shared/database/database'
import { lastIdOf, mostOf, pageOf } from '@bazaar/shared/http/pages'
import { hooksOf } from '@bazaar/shared/http/routes/hooks'
import { operations } from '@bazaar/shared/http/routes/operations'
import { preparing } from '@bazaar/shared/http/routes/prepared'
import { send } from '@bazaar/shared/http/send'
import { Elysia } from 'elysia'
import { browseProducts } from './catalogue/browse-products.ts'
import { findHomePage, listCategoriesByName, type StoredCategory } from './catalogue/home-store.ts'
import { type KeptPage, keptPage } from './catalogue/kept-page.ts'
import { readProductPage } from './catalogue/product-page.ts'
import { HOME_PAGE_KEPT_MS, homePageHeaders, publicAnswer } from './catalogue/public-answer.ts'
import type { Deps } from './deps.ts'
import { showImage } from './pictures/show-image.ts'
import { categoryView, homeView } from './views.ts'

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
    .get(
      '/categories',
      async ({ query, set }) => {
        const { body, headers } = await listCategories(deps, query)
        return send(set, publicAnswer(body, headers))
      },
      inventory.listCategories,
    )
    .get(
      '/products',
      async ({ query, set }) => {
        const { body, headers } = await browseProducts(deps, query)
        return send(set, publicAnswer(body, headers))
      },
      inventory.listProducts,
    )
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

async function listCategories({ database, config }: Deps, query: { limit?: string; cursor?: string }) {
  const list = { path: '/categories', query, cursorSecret: config.cursorSecret }
  const page = { after: lastIdOf(list), most: mostOf(list) }
  const found = await read(database, (connection) => listCategoriesByName(connection, page))
  return pageOf(list, found, {
    position: ({ category }: StoredCategory) => [category],
    show: categoryView,
  })
}
