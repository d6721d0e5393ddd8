import { LATEST_SHOWN, PAYMENT_ATTEMPTS_MAX } from '@bazaar/shared/api/order'
import { AMOUNT_MINOR_MAX } from '@bazaar/shared/api/schema'
import type { Reader, Transaction } from '@bazaar/shared/database/database'
import { BY_PRIMARY_KEY } from '@bazaar/shared/database/due'
import { assertInvariant } from '@bazaar/shared/problem'
import { and, asc, desc, eq, getTableColumns, inArray, sql } from 'drizzle-orm'
import type { StoredCancellation, StoredRefund } from '../cancelling/cancellation-store.ts'
import { cancellations, orderEvents, orderLines, orderParts, orders, payments, refunds } from '../tables.ts'
import { totalMinor } from './amounts.ts'

/** An order with everything that is shown with it, as it is stored. */
export type StoredOrder = typeof orders.$inferSelect & {
  lines: (typeof orderLines.$inferSelect)[]
  parts: (typeof orderParts.$inferSelect)[]
  /** The latest attempt comes first: it is the one that counts. */
  payments: (typeof payments.$inferSelect)[]
  /** The latest cancellations, as many as are shown with the order; the oldest of these first. */
  cancellations: StoredCancellation[]
}

/** An order with its latest refunds, as many as are shown; the oldest of these first. */
export type OrderWithRefunds = StoredOrder & { refunds: StoredRefund[] }

/** An order locked until the end of the transaction, with the facts that hold while it is. */
export type LockedOrder = StoredOrder & {
  /** The time by the clock of the database, which is the same for all instances. */
  now: Date
  /** The id of the latest entry in its timeline. */
  lastEventId: string | null
}

/**
 * Stores new orders with their lines.
 * @throws {InvariantViolation} when a total does not match its lines, or exceeds what an answer may show.
 */
export async function insertOrders(tx: Transaction, made: readonly StoredOrder[]): Promise<void> {
  for (const { totalMinor: total, lines } of made) {
    assertInvariant(total === totalMinor(lines), 'total-is-lines', 'The total does not match the lines')
    assertInvariant(
      total <= AMOUNT_MINOR_MAX,
      'total-is-answerable',
      'The total exceeds what an answer may show',
    )
  }
  const heads = made.map(
    ({ lines: _, parts: _parts, payments: _payments, cancellations: _c, ...head }) => head,
  )
  await tx.insert(orders).values(heads)
  await tx.insert(orderLines).values(made.flatMap(({ lines }) => lines))
}

/** The order with this id, if it belongs to this buyer. */
export async function findOrder(
  connection: Reader,
  orderId: string,
  buyerId: string,
): Promise<OrderWithRefunds | undefined> {
  const [head] = await connection
    .select()
    .from(orders)
    .where(and(eq(orders.id, orderId), eq(orders.buyerId, buyerId)))
  if (!head) return undefined
  const lines = await connection
    .select()
    .from(orderLines)
    .where(eq(orderLines.orderId, orderId))
    .orderBy(inPlace)
  const latest = await connection
    .select()
    .from(refunds)
    .where(eq(refunds.orderId, orderId))
    .orderBy(desc(refunds.cancellationId))
    .limit(LATEST_SHOWN)
  return { ...head, lines, ...(await findBelongings(connection, orderId)), refunds: latest.reverse() }
}

/** Whether there is an order with this id that belongs to this buyer. */
export async function isOrderOf(connection: Reader, orderId: string, buyerId: string): Promise<boolean> {
  const found = await connection
    .select({ id: orders.id })
    .from(orders)
    .where(and(eq(orders.id, orderId), eq(orders.buyerId, buyerId)))
  return found.length > 0
}

/** The order with this id, locked until the end of the transaction. Every change of an order begins with this. */
export async function lockOrder(tx: Transaction, orderId: string): Promise<LockedOrder | undefined> {
  const [head] = await tx.select().from(orders).where(eq(orders.id, orderId)).for('update')
  if (!head) return undefined
  const lastEvent = tx
    .select({ id: orderEvents.id })
    .from(orderEvents)
    .where(eq(orderEvents.orderId, orderId))
    .orderBy(desc(orderEvents.id))
    .limit(1)
  // Facts about the order are read only once it is locked.
  const rows = await tx
    .select({
      line: getTableColumns(orderLines),
      now: sql`now(3)`.mapWith(orders.placedAt),
      lastEventId: sql<string | null>`${lastEvent}`.mapWith(orderEvents.id).as('last_event_id'),
    })
    .from(orderLines)
    .where(eq(orderLines.orderId, orderId))
    .orderBy(inPlace)
  const [first] = rows
  if (!first) throw new Error('an order has no lines')
  const { now, lastEventId } = first
  const lines = rows.map(({ line }) => line)
  return { ...head, lines, ...(await findBelongings(tx, orderId)), now, lastEventId }
}

/** Keeps all others from changing an order until the end of the transaction, and reads nothing of it. */
export async function holdOrder(tx: Transaction, orderId: string): Promise<void> {
  await tx.select({ id: orders.id }).from(orders).where(eq(orders.id, orderId)).for('update')
}

/** The same for several orders. */
export async function holdOrders(tx: Transaction, orderIds: readonly string[]): Promise<void> {
  await tx
    .select({ id: orders.id })
    .from(orders, BY_PRIMARY_KEY)
    .where(inArray(orders.id, [...orderIds]))
    .for('update')
}

const inPlace = asc(orderLines.position)

/**
 * The things that belong to an order besides its lines. None of them grows without a bound: the parts are those of
 * one basket, payment attempts are limited, and only the latest cancellations are read.
 */
async function findBelongings(
  connection: Reader,
  orderId: string,
): Promise<Pick<StoredOrder, 'payments' | 'parts' | 'cancellations'>> {
  const attempts = await connection
    .select()
    .from(payments)
    .where(eq(payments.orderId, orderId))
    .orderBy(desc(payments.id))
    .limit(PAYMENT_ATTEMPTS_MAX)
  const parts = await connection.select().from(orderParts).where(eq(orderParts.orderId, orderId))
  const latest = await connection
    .select()
    .from(cancellations)
    .where(eq(cancellations.orderId, orderId))
    .orderBy(desc(cancellations.id))
    .limit(LATEST_SHOWN)
  return { payments: attempts, parts, cancellations: latest.reverse() }
}
