import {
  ORDER_STATUSES,
  PART_STATUSES,
  PAYMENT_STATUSES,
  PAYMENT_TYPES,
  REFUND_STATUSES,
  REJECTION_REASONS,
} from '@bazaar/shared/api/order'
import { bytes, instant, jsonText, uuid } from '@bazaar/shared/database/columns'
import { sql } from 'drizzle-orm'
import {
  bigint,
  char,
  check,
  index,
  int,
  mysqlEnum,
  mysqlTable,
  primaryKey,
  uniqueIndex,
  varchar,
} from 'drizzle-orm/mysql-core'

/** The address an order goes to, copied when it was placed. */
export type ShipTo = {
  recipient: string
  line1: string
  line2?: string
  city: string
  region?: string
  postalCode?: string
  country: string
}

const minor = (name: string) => bigint(name, { mode: 'number' })

/**
 * Orders, keyed so that one buyer's are stored together. `placedKeyHash` is the hash of the Idempotency-Key it was
 * placed with. It stays for ever, so a key never makes a second order. `workDueAt` says when a worker must pick an
 * unfinished order up; null when nothing is to be done.
 */
export const orders = mysqlTable(
  'orders',
  {
    id: uuid('id').primaryKey(),
    buyerId: uuid('buyer_id').notNull(),
    status: mysqlEnum('status', ORDER_STATUSES).notNull(),
    rejectionReason: mysqlEnum('rejection_reason', REJECTION_REASONS),
    /** The products because of which it was rejected. */
    rejectedProductIds: jsonText<string[]>('rejected_product_ids'),
    currency: char('currency', { length: 3 }).notNull(),
    totalMinor: minor('total_minor').notNull(),
    shipTo: jsonText<ShipTo>('ship_to').notNull(),
    placedKeyHash: bytes('placed_key_hash', { length: 32 }).notNull(),
    placedAt: instant('placed_at').notNull(),
    payBy: instant('pay_by'),
    workDueAt: instant('work_due_at'),
  },
  (table) => [
    uniqueIndex('orders_buyer_key').on(table.buyerId, table.placedKeyHash),
    index('orders_buyer_id').on(table.buyerId, table.id),
    index('orders_work_due_at').on(table.workDueAt),
    index('orders_buyer_status').on(table.buyerId, table.status),
    index('orders_placed').on(table.placedAt),
    index('orders_status_placed').on(table.status, table.placedAt),
    check('orders_total', sql`${table.totalMinor} >= 0`),
  ],
)

/** The lines of an order, with name and price as they were when it was placed. */
export const orderLines = mysqlTable(
  'order_lines',
  {
    orderId: uuid('order_id').notNull(),
    productId: uuid('product_id').notNull(),
    position: int('position').notNull(),
    sellerId: uuid('seller_id').notNull(),
    name: varchar('name', { length: 120 }).notNull(),
    unitPriceMinor: minor('unit_price_minor').notNull(),
    quantity: int('quantity').notNull(),
    cancelledQuantity: int('cancelled_quantity').notNull().default(0),
  },
  (table) => [
    primaryKey({ columns: [table.orderId, table.productId] }),
    check('order_lines_cancelled', sql`${table.cancelledQuantity} between 0 and ${table.quantity}`),
  ],
)

/** The part of an order that one seller has to ship; it exists from the order's confirmation on. */
export const orderParts = mysqlTable(
  'order_parts',
  {
    orderId: uuid('order_id').notNull(),
    sellerId: uuid('seller_id').notNull(),
    status: mysqlEnum('status', PART_STATUSES).notNull(),
    carrier: varchar('carrier', { length: 60 }),
    trackingNumber: varchar('tracking_number', { length: 60 }),
    shippedAt: instant('shipped_at'),
    deliveredAt: instant('delivered_at'),
  },
  (table) => [
    primaryKey({ columns: [table.orderId, table.sellerId] }),
    index('order_parts_seller').on(table.sellerId, table.orderId),
    index('order_parts_seller_status').on(table.sellerId, table.status, table.orderId),
  ],
)

/**
 * Attempts to pay an order; the latest counts. Of a card only the provider's token and the last four digits are
 * stored. `workDueAt` says when the provider must be asked (to capture, void or refund); null when nothing is to be
 * done.
 */
export const payments = mysqlTable(
  'payments',
  {
    id: uuid('id').primaryKey(),
    orderId: uuid('order_id').notNull(),
    type: mysqlEnum('type', PAYMENT_TYPES).notNull(),
    status: mysqlEnum('status', PAYMENT_STATUSES).notNull(),
    amountMinor: minor('amount_minor').notNull(),
    currency: char('currency', { length: 3 }).notNull(),
    method: varchar('method', { length: 128 }),
    lastFour: char('last_four', { length: 4 }),
    createdAt: instant('created_at').notNull(),
    workDueAt: instant('work_due_at'),
  },
  (table) => [
    index('payments_order').on(table.orderId),
    index('payments_work_due_at').on(table.workDueAt),
    index('payments_status_due').on(table.status, table.workDueAt),
    check('payments_amount', sql`${table.amountMinor} >= 0`),
  ],
)

/** The cancellations of an order: the quantities, the time, and the time at which inventory put the stock back. */
export const cancellations = mysqlTable(
  'cancellations',
  {
    id: uuid('id').primaryKey(),
    orderId: uuid('order_id').notNull(),
    reason: varchar('reason', { length: 500 }).notNull(),
    lines: jsonText<{ productId: string; quantity: number }[]>('lines').notNull(),
    cancelledAt: instant('cancelled_at').notNull(),
    stockRestoredAt: instant('stock_restored_at'),
  },
  (table) => [
    index('cancellations_order').on(table.orderId),
    index('cancellations_stock_out').on(table.stockRestoredAt, table.orderId),
  ],
)

/** Money to give back for a cancellation: one refund each, whose id is also its key at the payment provider. */
export const refunds = mysqlTable(
  'refunds',
  {
    id: uuid('id').primaryKey(),
    paymentId: uuid('payment_id').notNull(),
    orderId: uuid('order_id').notNull(),
    cancellationId: uuid('cancellation_id').notNull(),
    amountMinor: minor('amount_minor').notNull(),
    status: mysqlEnum('status', REFUND_STATUSES).notNull(),
    createdAt: instant('created_at').notNull(),
    refundedAt: instant('refunded_at'),
  },
  (table) => [
    uniqueIndex('refunds_cancellation').on(table.cancellationId),
    index('refunds_payment').on(table.paymentId),
    index('refunds_payment_status').on(table.paymentId, table.status),
    index('refunds_status').on(table.status),
    index('refunds_order').on(table.orderId),
    index('refunds_order_cancellation').on(table.orderId, table.cancellationId),
    check('refunds_amount', sql`${table.amountMinor} > 0`),
  ],
)

/** The timeline of an order: everything that happened, in order; rows are only added. */
export const orderEvents = mysqlTable(
  'order_events',
  {
    orderId: uuid('order_id').notNull(),
    id: uuid('id').notNull(),
    type: varchar('type', { length: 32 }).notNull(),
    actor: mysqlEnum('actor', ['BUYER', 'SELLER', 'SYSTEM']).notNull(),
    actorId: uuid('actor_id'),
    at: instant('at').notNull(),
    detail: jsonText<Record<string, string | number>>('detail').notNull(),
  },
  (table) => [primaryKey({ columns: [table.orderId, table.id] })],
)
