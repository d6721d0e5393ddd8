import type { Reader } from '@bazaar/shared/database/database'
import { and, asc, desc, eq, gt, gte, inArray, lt, lte, or, type SQL, sql } from 'drizzle-orm'
import { images, products, productWords, stock } from '../tables.ts'

/** A product as lists show it. */
export type StoredCard = Awaited<ReturnType<typeof listCards>>[number]

/** How a list of products can be sorted. */
export type Sort = 'newest' | 'price-ascending' | 'price-descending' | 'name'

/** The place where a page begins: after this product. */
export type Position = { id: string; currency: string; priceMinor: number; name: string }

/** The filters of the catalogue and the page that is wanted. */
export type CatalogueFilter = {
  words?: readonly string[]
  category?: string | undefined
  sellerId?: string | undefined
  currency?: string | undefined
  priceMinMinor?: number | undefined
  priceMaxMinor?: number | undefined
  inStock?: boolean
  sort: Sort
  after?: Position | undefined
  most: number
}

/** The matching products on offer, in the requested order. */
export async function listProducts(connection: Reader, filter: CatalogueFilter): Promise<StoredCard[]> {
  const { words = [], category, sellerId, currency, inStock, sort, after, most } = filter
  const { priceMinMinor, priceMaxMinor } = filter
  const condition = and(
    ...words.map((word) => hasWord(connection, word)),
    category === undefined ? undefined : eq(products.category, category),
    sellerId === undefined ? undefined : eq(products.sellerId, sellerId),
    currency === undefined ? undefined : eq(products.currency, currency),
    priceMinMinor === undefined ? undefined : gte(products.priceMinor, priceMinMinor),
    priceMaxMinor === undefined ? undefined : lte(products.priceMinor, priceMaxMinor),
    inStock ? gt(stock.stockCount, 0) : undefined,
    after && isAfter(after, sort),
  )
  return listCards(connection, { condition, orderBy: ORDER[sort], most })
}

/** Written like this, the condition lets the indexes on price and name start where the page begins. */
function isAfter({ id, currency, priceMinor, name }: Position, sort: Sort): SQL | undefined {
  const sameCurrency = eq(products.currency, currency)
  switch (sort) {
    case 'newest':
      return lt(products.id, id)
    case 'price-ascending':
      return or(
        gt(products.currency, currency),
        and(sameCurrency, gt(products.priceMinor, priceMinor)),
        and(sameCurrency, eq(products.priceMinor, priceMinor), gt(products.id, id)),
      )
    case 'price-descending':
      return or(
        lt(products.currency, currency),
        and(sameCurrency, lt(products.priceMinor, priceMinor)),
        and(sameCurrency, eq(products.priceMinor, priceMinor), lt(products.id, id)),
      )
    case 'name':
      return and(gte(products.name, name), or(gt(products.name, name), gt(products.id, id)))
  }
}

/** Prices in different currencies are not compared; the list shows one currency after the other. */
const ORDER = {
  newest: [desc(products.id)],
  'price-ascending': [asc(products.currency), asc(products.priceMinor), asc(products.id)],
  'price-descending': [desc(products.currency), desc(products.priceMinor), desc(products.id)],
  name: [asc(products.name), asc(products.id)],
} satisfies Record<Sort, SQL[]>

/** Whether a product has a word that begins with the given one. */
function hasWord(connection: Reader, word: string): SQL {
  const beginning = `${word.replaceAll(/[\\%_]/g, '\\$&')}%`
  return inArray(
    products.id,
    connection
      .select({ productId: productWords.productId })
      .from(productWords)
      .where(sql`${productWords.word} like ${beginning}`),
  )
}

/** Products on offer as lists show them. */
export async function listCards(
  connection: Reader,
  { condition, orderBy, most }: { condition: SQL | undefined; orderBy: SQL[]; most: number },
) {
  const { id, sellerId, name, category, priceMinor, currency } = products
  const { stockCount } = stock
  const cover = sql`(
    select cover.id from ${images} cover where cover.product_id = ${products.id}
    order by cover.position limit 1
  )`
  const { id: imageId, altText: imageAltText } = images
  return connection
    .select({ id, sellerId, name, category, priceMinor, currency, stockCount, imageId, imageAltText })
    .from(products)
    .innerJoin(stock, eq(stock.productId, products.id))
    .leftJoin(images, eq(images.id, cover))
    .where(and(eq(products.status, 'LISTED'), condition))
    .orderBy(...orderBy)
    .limit(most)
}
