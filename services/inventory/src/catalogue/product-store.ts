import type { Reader, Transaction } from '@bazaar/shared/database/database'
import { and, asc, desc, eq, getTableColumns, inArray, lt, type SQL, sql } from 'drizzle-orm'
import { type ImageHead, imageHead } from '../pictures/image-head.ts'
import { insertWords, saveWords } from '../search/word-store.ts'
import { WORDS_VERSION } from '../search/words.ts'
import { images, products, stock } from '../tables.ts'
import type { ProductFields } from './product.ts'

/** A product as it is stored, without its stock and pictures. */
export type ProductRow = Omit<typeof products.$inferSelect, 'wordsVersion'>

const { wordsVersion: _, ...productColumns } = getTableColumns(products)

/** A product with everything that its page shows. */
export type StoredProduct = ProductRow & { stockCount: number; images: ImageHead[] }

/** Stores a new product, LISTED. Its stock is stored with it, by `insertStock`. */
export async function insertProduct(
  tx: Transaction,
  product: ProductFields & { id: string; sellerId: string },
): Promise<void> {
  const now = sql`now(3)`
  await tx.insert(products).values({
    ...product,
    status: 'LISTED',
    version: 1,
    wordsVersion: WORDS_VERSION,
    createdAt: now,
    changedAt: now,
  })
  await insertWords(tx, product)
}

/** The product with this id. */
export async function findProduct(connection: Reader, productId: string): Promise<StoredProduct | undefined> {
  const [found] = await findProducts(connection, [productId])
  return found
}

/** The products with these ids. Unknown ones are left out. */
export async function findProducts(
  connection: Reader,
  productIds: readonly string[],
): Promise<StoredProduct[]> {
  return listWhere(connection, inArray(products.id, [...productIds]), productIds.length)
}

/** The seller of a product. */
export async function findSeller(
  connection: Reader,
  productId: string,
): Promise<{ sellerId: string } | undefined> {
  const [found] = await connection
    .select({ sellerId: products.sellerId })
    .from(products)
    .where(eq(products.id, productId))
  return found
}

/**
 * A product, locked until the end of the transaction against other changes by its seller. Orders do not wait for it.
 */
export async function lockProduct(tx: Transaction, productId: string): Promise<ProductRow | undefined> {
  const [found] = await tx
    .select(productColumns)
    .from(products)
    .where(eq(products.id, productId))
    .for('update')
  return found
}

/** Stores the changes of a locked product, as its next version. */
export async function saveProduct(
  tx: Transaction,
  before: ProductRow,
  changes: Partial<ProductFields & Pick<ProductRow, 'status'>>,
): Promise<void> {
  await tx
    .update(products)
    .set({ ...changes, version: before.version + 1, changedAt: sql`now(3)` })
    .where(eq(products.id, before.id))
  if (changes.name !== undefined || changes.description !== undefined)
    await saveWords(tx, { ...before, ...changes })
}

/** A seller's products, archived ones included, the newest first. */
export async function listProductsOf(
  connection: Reader,
  { sellerId, beforeId, most }: { sellerId: string; beforeId: string | undefined; most: number },
): Promise<StoredProduct[]> {
  const condition = and(eq(products.sellerId, sellerId), beforeId ? lt(products.id, beforeId) : undefined)
  return listWhere(connection, condition, most)
}

async function listWhere(
  connection: Reader,
  condition: SQL | undefined,
  most: number,
): Promise<StoredProduct[]> {
  const rows = await connection
    .select({ product: productColumns, stockCount: stock.stockCount })
    .from(products)
    .innerJoin(stock, eq(stock.productId, products.id))
    .where(condition)
    .orderBy(desc(products.id))
    .limit(most)
  if (rows.length === 0) return []
  const pictures = await connection
    .select(imageHead)
    .from(images)
    .where(
      inArray(
        images.productId,
        rows.map(({ product }) => product.id),
      ),
    )
    .orderBy(asc(images.productId), asc(images.position))
  const picturesOf = Map.groupBy(pictures, ({ productId }) => productId)
  return rows.map(({ product, stockCount }) => ({
    ...product,
    stockCount,
    images: picturesOf.get(product.id) ?? [],
  }))
}

/** The values that decide whether products can be sold, and at what price. Unknown products are left out. */
export async function listOffers(connection: Reader, productIds: readonly string[]) {
  const { id, sellerId, name, priceMinor, currency, status } = products
  return connection
    .select({ productId: id, sellerId, name, priceMinor, currency, status })
    .from(products)
    .where(inArray(id, [...productIds]))
}
