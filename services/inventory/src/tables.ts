import { bytes, fileContent, instant, jsonText, uuid } from '@bazaar/shared/database/columns'
import { sql } from 'drizzle-orm'
import {
  bigint,
  char,
  check,
  customType,
  index,
  int,
  mysqlEnum,
  mysqlTable,
  primaryKey,
  text,
  uniqueIndex,
  varchar,
} from 'drizzle-orm/mysql-core'
import { WORD_LENGTH_MAX } from './catalogue/words.ts'
import { MOVEMENT_REASONS } from './stock/stock.ts'

/**
 * What the sellers offer. `version` grows with each change by the seller; stock is not part of it. `wordsVersion` tells
 * by which rules its words were found; whoever does not know of it leaves 0.
 */
export const products = mysqlTable(
  'products',
  {
    id: uuid('id').primaryKey(),
    sellerId: uuid('seller_id').notNull(),
    name: varchar('name', { length: 120 }).notNull(),
    description: text('description').notNull(),
    category: varchar('category', { length: 40 }).notNull(),
    priceMinor: bigint('price_minor', { mode: 'number' }).notNull(),
    currency: char('currency', { length: 3 }).notNull(),
    properties: jsonText<Record<string, string>>('properties').notNull(),
    status: mysqlEnum('status', ['LISTED', 'ARCHIVED']).notNull(),
    version: int('version').notNull(),
    wordsVersion: int('words_version').notNull().default(0),
    createdAt: instant('created_at').notNull(),
    changedAt: instant('changed_at').notNull(),
  },
  (table) => [
    index('products_newest').on(table.status, table.id),
    index('products_price').on(table.status, table.priceMinor, table.id),
    index('products_name').on(table.status, table.name, table.id),
    index('products_category_newest').on(table.status, table.category, table.id),
    index('products_category_price').on(table.status, table.category, table.priceMinor, table.id),
    index('products_category_name').on(table.status, table.category, table.name, table.id),
    index('products_currency_price').on(table.status, table.currency, table.priceMinor, table.id),
    index('products_category_currency_price').on(
      table.status,
      table.category,
      table.currency,
      table.priceMinor,
      table.id,
    ),
    index('products_words_version').on(table.wordsVersion, table.id),
    index('products_seller').on(table.sellerId, table.id),
    check('products_price_positive', sql`${table.priceMinor} > 0`),
  ],
)

// Compared byte by byte: the words are already folded, and general collations take all emoji for the same.
const foldedWord = customType<{ data: string }>({
  dataType: () => `varchar(${WORD_LENGTH_MAX}) character set utf8mb4 collate utf8mb4_bin`,
})

/** The words of each product, for the search. An ordinary table: any MySQL-compatible database can hold it. */
export const productWords = mysqlTable(
  'product_words',
  { productId: uuid('product_id').notNull(), word: foldedWord('word').notNull() },
  (table) => [
    primaryKey({ columns: [table.productId, table.word] }),
    index('product_words_word').on(table.word, table.productId),
  ],
)

/** The pictures of the products, as they are delivered. */
export const images = mysqlTable(
  'images',
  {
    id: uuid('id').primaryKey(),
    productId: uuid('product_id').notNull(),
    position: int('position').notNull(),
    contentType: varchar('content_type', { length: 32 }).notNull(),
    content: fileContent('content').notNull(),
    sha256: bytes('sha256', { length: 32 }).notNull(),
    widthPixels: int('width_pixels').notNull(),
    heightPixels: int('height_pixels').notNull(),
  },
  (table) => [
    uniqueIndex('images_position').on(table.productId, table.position),
    uniqueIndex('images_content').on(table.productId, table.sha256),
  ],
)

/**
 * How many units of each product can be ordered: what is there without what is reserved. A row of its own, so
 * that orders for a product never wait for its seller. The counter must have no index: two orders would then
 * lock row and index in different orders. `lastSequence` is the number of the latest movement.
 */
export const stock = mysqlTable(
  'stock',
  {
    productId: uuid('product_id').primaryKey(),
    stockCount: int('stock_count').notNull(),
    lastSequence: int('last_sequence').notNull(),
  },
  (table) => [check('stock_count_not_negative', sql`${table.stockCount} >= 0`)],
)

/**
 * The ledger: every change of every counter, in the order it happened; rows are only added. `sourceId` is what
 * caused it (the order, the cancellation, the adjustment), and can move a product's stock for one reason once.
 */
export const stockMovements = mysqlTable(
  'stock_movements',
  {
    productId: uuid('product_id').notNull(),
    sequence: int('sequence').notNull(),
    delta: int('delta').notNull(),
    reason: mysqlEnum('reason', MOVEMENT_REASONS).notNull(),
    sourceId: uuid('source_id').notNull(),
    stockAfter: int('stock_after').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.productId, table.sequence] }),
    uniqueIndex('stock_movements_source').on(table.productId, table.reason, table.sourceId),
    check('stock_movements_after', sql`${table.stockAfter} >= 0`),
  ],
)

/**
 * Stock set aside for orders. One that is RELEASED and has no lines is a tombstone: the order was cancelled
 * before its reservation arrived, which is then refused.
 */
export const reservations = mysqlTable(
  'reservations',
  {
    orderId: uuid('order_id').primaryKey(),
    status: mysqlEnum('status', ['HELD', 'CONFIRMED', 'RELEASED', 'EXPIRED']).notNull(),
    /** Until when it is held unless it is confirmed; null for a tombstone. */
    expiresAt: instant('expires_at'),
    createdAt: instant('created_at').notNull(),
    changedAt: instant('changed_at').notNull(),
  },
  (table) => [index('reservations_expiry').on(table.status, table.expiresAt)],
)

/** What is reserved of which product, what the buyer was promised to pay, and how much was given back since. */
export const reservationLines = mysqlTable(
  'reservation_lines',
  {
    orderId: uuid('order_id').notNull(),
    productId: uuid('product_id').notNull(),
    quantity: int('quantity').notNull(),
    releasedQuantity: int('released_quantity').notNull(),
    unitPriceMinor: bigint('unit_price_minor', { mode: 'number' }).notNull(),
    currency: char('currency', { length: 3 }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orderId, table.productId] }),
    index('reservation_lines_product').on(table.productId),
    check('reservation_lines_released', sql`${table.releasedQuantity} between 0 and ${table.quantity}`),
  ],
)
