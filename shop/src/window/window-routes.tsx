import { Elysia } from 'elysia'
import { show } from '../page/answer.tsx'
import type { Visits } from '../visit/visiting.ts'
import { homePage } from './home-page.tsx'
import { listPage } from './list-page.tsx'
import { productPage } from './product-page.tsx'
import { sellerPage } from './seller-page.tsx'

/** What anybody may look at. */
export function windowRoutes({ plugin }: Visits) {
  return new Elysia()
    .use(plugin)
    .get('/', async ({ visit }) => show(visit, await homePage(visit)))
    .get('/search', async ({ visit }) => show(visit, await listPage(visit)))
    .get('/categories/:category', async ({ visit, params }) =>
      show(visit, await listPage(visit, params.category)),
    )
    .get('/products/:productId', async ({ visit, params }) =>
      show(visit, await productPage(visit, params.productId)),
    )
    .get('/sellers/:sellerId', async ({ visit, params }) =>
      show(visit, await sellerPage(visit, params.sellerId)),
    )
}
