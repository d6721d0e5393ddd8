import type { Reader } from '@bazaar/shared/database/database'
import { and, asc, between, count, desc, eq, gt, gte, inArray, type SQL, sql } from 'drizzle-orm'
import { images, products, stock } from '../tables.ts'
import { listCards, listProducts } from './catalogue-store.ts'

const CATEGORIES_MAX = 60
const NEWEST_MAX = 12
const ALMOST_GONE_MAX = 8
/** With this many units or fewer, a product is nearly sold out. */
const ALMOST_GONE_UNITS = 5
/** The number of newest products to scan for nearly sold-out ones; the stock counter is deliberately not indexed. */
const LOOKED_AT_MAX = 2_000

/** The content of the home page. */
export type StoredHomePage = Awaited<ReturnType<typeof findHomePage>>

/** The largest categories, the newest products, and some that are nearly sold out. */
export async function findHomePage(connection: Reader) {
  const categories = await listCategories(connection, {
    condition: undefined,
    orderBy: [desc(count()), asc(products.category)],
    most: CATEGORIES_MAX,
  })
  const newest = await listProducts(connection, { sort: 'newest', most: NEWEST_MAX })
  const almostGone = await listCards(connection, {
    condition: and(between(stock.stockCount, 1, ALMOST_GONE_UNITS), gte(products.id, oldestLookedAt)),
    orderBy: [desc(products.id)],
    most: ALMOST_GONE_MAX,
  })
  return { categories, newest, almostGone }
}

const oldestLookedAt = sql`coalesce((
  select recent.id from ${products} recent where recent.status = 'LISTED'
  order by recent.id desc limit 1 offset ${sql.raw(String(LOOKED_AT_MAX - 1))}
), '')`

/** Categories that have something on offer, by name, after the given one. */
export async function listCategoriesByName(
  connection: Reader,
  { after, most }: { after: string | undefined; most: number },
): Promise<StoredCategory[]> {
  return listCategories(connection, {
    condition: after === undefined ? undefined : gt(products.category, after),
    orderBy: [asc(products.category)],
    most,
  })
}

/** A category, the number of its products, and the first picture of its newest product that has one. */
export type StoredCategory = Awaited<ReturnType<typeof listCategories>>[number]

async function listCategories(
  connection: Reader,
  { condition, orderBy, most }: { condition: SQL | undefined; orderBy: SQL[]; most: number },
) {
  // The columns are written out, because drizzle omits the table's name when only one table is selected from.
  const pictured = sql`(
    select newest.id from ${products} newest
    where newest.status = 'LISTED' and newest.category = ${products}.category
      and exists (select 1 from ${images} where ${images}.product_id = newest.id)
    order by newest.id desc limit 1
  )`
    .mapWith((bytes: Buffer): string | null => String(products.id.mapFromDriverValue(bytes)))
    .as('pictured')
  const rows = await connection
    .select({ category: products.category, products: count(), pictured })
    .from(products)
    .where(and(eq(products.status, 'LISTED'), condition))
    .groupBy(products.category)
    .orderBy(...orderBy)
    .limit(most)
  const covers = await listCovers(
    connection,
    rows.flatMap((row) => row.pictured ?? []),
  )
  return rows.map(({ category, products, pictured }) => ({
    category,
    products,
    image: covers.find((cover) => cover.productId === pictured),
  }))
}

/** The pictures of the products, the first of each product first. */
async function listCovers(connection: Reader, productIds: string[]) {
  if (productIds.length === 0) return []
  return connection
    .select({ id: images.id, productId: images.productId })
    .from(images)
    .where(inArray(images.productId, productIds))
    .orderBy(asc(images.productId), asc(images.position))
}
