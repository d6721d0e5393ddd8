import { IMAGE_TEXT_LENGTH_MAX } from '@bazaar/shared/api/inventory'
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
import { WORD_LENGTH_MAX } from './search/words.ts'
import { MOVEMENT_REASONS } from './stock/stock.ts'

/**
 * The sellers' products. `version` grows with each change by the seller; stock is not part of it. `wordsVersion`
 * tells which rules made the search words; programs that do not know it leave it at 0.
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

/**
 * The sellers who have offered something. Nothing more may be offered in a session that began before `stoppedUntil`:
 * the account was to be closed.
 */
export const sellers = mysqlTable('sellers', {
  id: uuid('id').primaryKey(),
  stoppedUntil: instant('stopped_until'),
})

// Compared byte by byte: the words are already folded, and general collations treat all emoji as equal.
const foldedWord = customType<{ data: string }>({
  dataType: () => `varchar(${WORD_LENGTH_MAX}) character set utf8mb4 collate utf8mb4_bin`,
})

/** The search words of each product. It is an ordinary table, so any MySQL-compatible database can hold it. */
export const productWords = mysqlTable(
  'product_words',
  { productId: uuid('product_id').notNull(), word: foldedWord('word').notNull() },
  (table) => [
    primaryKey({ columns: [table.productId, table.word] }),
    index('product_words_word').on(table.word, table.productId),
  ],
)

/** The pictures of the products, as they are delivered, and what they show if the seller has said so. */
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
    altText: varchar('alt_text', { length: IMAGE_TEXT_LENGTH_MAX }),
  },
  (table) => [
    uniqueIndex('images_position').on(table.productId, table.position),
    uniqueIndex('images_content').on(table.productId, table.sha256),
  ],
)

/** The pictures made narrower. Each follows from its picture, and is made again when it is missing. */
export const imageWidths = mysqlTable(
  'image_widths',
  {
    imageId: uuid('image_id').notNull(),
    widthPixels: int('width_pixels').notNull(),
    content: fileContent('content').notNull(),
  },
  (table) => [primaryKey({ columns: [table.imageId, table.widthPixels] })],
)

/**
 * The number of units of each product that can be ordered: the stock minus the reservations. It has a row of its own,
 * so that orders for a product never wait for its seller. The counter must have no index, because two orders would
 * then lock row and index in different orders. `lastSequence` is the number of the latest movement.
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
 * The ledger: every change of every counter, in order; rows are only added. `sourceId` is the cause (the order, the
 * cancellation, the adjustment), which can move a product's stock only once for each reason.
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
 * Stock reserved for orders. A row that is RELEASED and has no lines is a tombstone: the order was cancelled before
 * its reservation arrived, so the late reservation is refused.
 */
export const reservations = mysqlTable(
  'reservations',
  {
    orderId: uuid('order_id').primaryKey(),
    status: mysqlEnum('status', ['HELD', 'CONFIRMED', 'RELEASED', 'EXPIRED']).notNull(),
    /** The time until which it is held unless it is confirmed; null for a tombstone. */
    expiresAt: instant('expires_at'),
    createdAt: instant('created_at').notNull(),
    changedAt: instant('changed_at').notNull(),
  },
  (table) => [index('reservations_expiry').on(table.status, table.expiresAt)],
)

/** The products of a reservation, the prices that the buyer was promised, and the quantities given back since. */
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
