import { inventoryApi } from '@bazaar/shared/api/inventory'
import { read } from '@bazaar/shared/database/database'
import { readOnce } from '@bazaar/shared/database/read-together'
import { lastIdOf, mostOf, pageOf } from '@bazaar/shared/http/pages'
import { hooksOf } from '@bazaar/shared/http/routes/hooks'
import { preparing } from '@bazaar/shared/http/routes/prepared'
import type { Deps } from '../deps.ts'
import { categoryView } from '../views.ts'
import { browseProducts } from './browse-products.ts'
import { listCategoriesByName, type StoredCategory } from './home-store.ts'
import { pageHeaders } from './public-answer.ts'

/* The public lists as they are sent. A page that several ask for at the same time is read and put together once. */

const { listProducts, listCategories } = hooksOf(inventoryApi)
type Query<Name extends 'listProducts' | 'listCategories'> =
  (typeof inventoryApi)['operations'][Name]['query']['static']

const prepareProducts = preparing(listProducts.response[200], pageHeaders)
const prepareCategories = preparing(listCategories.response[200], pageHeaders)

/**
 * A page of the products that match a search.
 *
 * The function throws {DomainError} validation-failed as `browseProducts` does.
 */
export const readProductList = readOnce(async (deps: Deps, query: Query<'listProducts'>) => {
  const { body, headers } = await browseProducts(deps, query)
  return prepareProducts(body, headers)
}, JSON.stringify)

/**
 * A page of the categories, by name.
 *
 * The function throws {DomainError} validation-failed for a cursor of another list.
 */
export const readCategoryList = readOnce(async (deps: Deps, query: Query<'listCategories'>) => {
  const list = { path: '/categories', query, cursorSecret: deps.config.cursorSecret }
  const page = { after: lastIdOf(list), most: mostOf(list) }
  const found = await read(deps.database, (connection) => listCategoriesByName(connection, page))
  const { body, headers } = pageOf(list, found, {
    position: ({ category }: StoredCategory) => [category],
    show: categoryView,
  })
  return prepareCategories(body, headers)
}, JSON.stringify)
