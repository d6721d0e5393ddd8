import { LATEST_SHOWN, PAYMENT_ATTEMPTS_MAX } from '@bazaar/shared/api/order'
import { AMOUNT_MINOR_MAX } from '@bazaar/shared/api/schema'
import type { Connection, Transaction } from '@bazaar/shared/database/database'
import { hasCome } from '@bazaar/shared/database/due'
import { assertInvariant } from '@bazaar/shared/problem'
import { and, asc, desc, eq, gte, inArray, isNull, lt, or, type SQL, sql } from 'drizzle-orm'
import type { StoredCancellation, StoredRefund } from './cancellation-store.ts'
import { type Line, type Order, type OrderStatus, type Part, statesBefore, totalMinor } from './order.ts'
import { cancellations, orderLines, orderParts, orders, payments, refunds } from './tables.ts'

/** An order with everything that belongs to it, as it is stored. */
export type StoredOrder = typeof orders.$inferSelect & {
  lines: (typeof orderLines.$inferSelect)[]
  parts: (typeof orderParts.$inferSelect)[]
  /** The latest attempt first: it is the one that counts. */
  payments: (typeof payments.$inferSelect)[]
  /** The latest of them, as many as are shown with the order; the oldest of these first. */
  cancellations: StoredCancellation[]
  refunds: StoredRefund[]
}

/** An order about to be placed. */
export type NewOrder = Pick<
  StoredOrder,
  'id' | 'buyerId' | 'currency' | 'totalMinor' | 'shipTo' | 'placedKeyHash'
> & {
  lines: (Line & { name: string })[]
}

/** How long the request that placed an order has to complete it before others may, in seconds. */
const IN_HAND_SECONDS = 30

/**
 * Stores a new order as PENDING.
 * @throws {InvariantViolation} when its total is not what its lines cost, or more than an answer may show.
 */
export async function insertOrder(tx: Transaction, order: NewOrder): Promise<void> {
  const { lines, ...head } = order
  assertInvariant(
    head.totalMinor === totalMinor(lines),
    'total-is-lines',
    'The total is not what the lines cost',
  )
  assertInvariant(
    head.totalMinor <= AMOUNT_MINOR_MAX,
    'total-is-answerable',
    'The total is more than any answer may show',
  )
  const workDueAt = sql`now(3) + interval ${IN_HAND_SECONDS} second`
  await tx.insert(orders).values({ ...head, status: 'PENDING', placedAt: sql`now(3)`, workDueAt })
  await tx
    .insert(orderLines)
    .values(lines.map((line, position) => ({ ...line, orderId: order.id, position })))
}

/** The order with this id, if the condition holds for it. */
export async function findOrder(
  connection: Connection,
  orderId: string,
  condition?: SQL,
): Promise<StoredOrder | undefined> {
  const [head] = await connection
    .select()
    .from(orders)
    .where(and(eq(orders.id, orderId), condition))
  return withBelongings(connection, head)
}

/** The order with this id, if it is this buyer's. */
export async function findOrderOfBuyer(
  connection: Connection,
  orderId: string,
  buyerId: string,
): Promise<StoredOrder | undefined> {
  return findOrder(connection, orderId, eq(orders.buyerId, buyerId))
}

/** The order with this id, held until the end of the transaction: whatever changes an order begins with this. */
export async function lockOrder(tx: Transaction, orderId: string): Promise<StoredOrder | undefined> {
  const [head] = await tx.select().from(orders).where(eq(orders.id, orderId)).for('update')
  return withBelongings(tx, head)
}

/** Keeps everybody else from changing an order until the end of the transaction, and reads nothing of it. */
export async function holdOrder(tx: Transaction, orderId: string): Promise<void> {
  await tx.select({ id: orders.id }).from(orders).where(eq(orders.id, orderId)).for('update')
}

/**
 * What belongs to an order. Nothing of it grows without a bound: the lines and parts are those of one basket, attempts
 * to pay are counted, and of what was cancelled only the latest is read.
 */
async function withBelongings(
  connection: Connection,
  head: typeof orders.$inferSelect | undefined,
): Promise<StoredOrder | undefined> {
  if (!head) return undefined
  const { id } = head
  const [lines, attempts] = await Promise.all([
    connection.select().from(orderLines).where(eq(orderLines.orderId, id)).orderBy(asc(orderLines.position)),
    connection
      .select()
      .from(payments)
      .where(eq(payments.orderId, id))
      .orderBy(desc(payments.id))
      .limit(PAYMENT_ATTEMPTS_MAX),
  ])
  // Nothing else is made of an order before it has left PENDING, and every order is read twice until then.
  const [parts, cancelled, due] =
    head.status === 'PENDING'
      ? [[], [], []]
      : await Promise.all([
          connection.select().from(orderParts).where(eq(orderParts.orderId, id)),
          connection
            .select()
            .from(cancellations)
            .where(eq(cancellations.orderId, id))
            .orderBy(desc(cancellations.id))
            .limit(LATEST_SHOWN),
          connection
            .select()
            .from(refunds)
            .where(eq(refunds.orderId, id))
            .orderBy(desc(refunds.cancellationId))
            .limit(LATEST_SHOWN),
        ])
  return {
    ...head,
    lines,
    parts,
    payments: attempts,
    cancellations: cancelled.reverse(),
    refunds: due.reverse(),
  }
}

/** Stores what the rules made of an order: its state, what is cancelled of its lines, the states of its parts. */
export async function saveOrder(tx: Transaction, before: StoredOrder, after: Order): Promise<void> {
  if (after.status !== before.status) await saveStatus(tx, before.id, after.status)
  for (const line of after.lines) {
    const old = before.lines.find((one) => one.productId === line.productId)
    if (old?.cancelledQuantity === line.cancelledQuantity) continue
    await tx
      .update(orderLines)
      .set({ cancelledQuantity: line.cancelledQuantity })
      .where(and(eq(orderLines.orderId, before.id), eq(orderLines.productId, line.productId)))
  }
  for (const part of after.parts) {
    if (before.parts.find((one) => one.sellerId === part.sellerId)?.status === part.status) continue
    await tx
      .update(orderParts)
      .set({ status: part.status })
      .where(and(eq(orderParts.orderId, before.id), eq(orderParts.sellerId, part.sellerId)))
  }
}

/**
 * Stores the state of an order, with what goes with it. Nothing is due in it any more unless given.
 * @throws {InvariantViolation} when no move leads there from the state it is in.
 */
export async function saveStatus(
  tx: Transaction,
  orderId: string,
  status: OrderStatus,
  also: Partial<Pick<StoredOrder, 'rejectionReason' | 'rejectedProductIds' | 'payBy'>> & {
    workDueAt?: SQL | Date | null
  } = {},
): Promise<void> {
  const [changed] = await tx
    .update(orders)
    .set({ workDueAt: null, ...also, status })
    .where(and(eq(orders.id, orderId), inArray(orders.status, [status, ...statesBefore(status)])))
  assertInvariant(changed.affectedRows === 1, 'order-state-path', 'No move leads to this state of the order')
}

/** The time by the clock of the database, which is the same for all instances. */
export async function findNow(tx: Transaction): Promise<Date> {
  const [now] = await tx.select({ at: sql`now(3)`.mapWith(orders.placedAt) }).from(sql`dual`)
  if (!now) throw new Error('the database does not know the time')
  return now.at
}

/** Stores the parts of an order that was just confirmed. */
export async function insertParts(tx: Transaction, orderId: string, parts: readonly Part[]): Promise<void> {
  await tx.insert(orderParts).values(parts.map((part) => ({ ...part, orderId })))
}

/** Says when somebody must bring an order on that is still PENDING; others then leave it alone until then. */
export async function saveWorkDue(connection: Connection, orderId: string, inSeconds: number): Promise<void> {
  await connection
    .update(orders)
    .set({ workDueAt: sql`now(3) + interval ${inSeconds} second` })
    .where(and(eq(orders.id, orderId), eq(orders.status, 'PENDING')))
}

/** Whether somebody must bring the order on now, by the database's clock; who was to do it had his time. */
export async function isWorkDue(tx: Transaction, orderId: string): Promise<boolean> {
  const [found] = await tx
    .select({ id: orders.id })
    .from(orders)
    .where(and(eq(orders.id, orderId), or(isNull(orders.workDueAt), hasCome(orders.workDueAt))))
  return found !== undefined
}

/**
 * How many orders of a buyer hold stock without money behind them: begun, waiting for a payment and, if those are
 * asked for, to be paid when they arrive. Counts no further than `most`.
 */
export async function countUnpaid(
  tx: Transaction,
  { buyerId, most, onDelivery }: { buyerId: string; most: number; onDelivery: boolean },
): Promise<number> {
  const unpaid = await tx
    .select({ id: orders.id })
    .from(orders)
    .where(and(eq(orders.buyerId, buyerId), inArray(orders.status, ['PENDING', 'AWAITING_PAYMENT'])))
    .limit(most)
  if (!onDelivery || unpaid.length >= most) return unpaid.length
  const dueOnDelivery = await tx
    .select({ id: orders.id })
    .from(orders)
    .innerJoin(payments, and(eq(payments.orderId, orders.id), eq(payments.status, 'DUE_ON_DELIVERY')))
    .where(and(eq(orders.buyerId, buyerId), eq(orders.status, 'CONFIRMED')))
    .limit(most - unpaid.length)
  return unpaid.length + dueOnDelivery.length
}

/** What a list of orders is narrowed to, and where its page starts. */
export type OrderFilter = {
  buyerId: string
  status?: OrderStatus | undefined
  placedFrom?: Date | undefined
  placedBefore?: Date | undefined
  beforeId?: string | undefined
  most: number
}

/** An order as a list shows it. */
export type ListedOrder = Pick<
  StoredOrder,
  'id' | 'status' | 'currency' | 'totalMinor' | 'placedAt' | 'lines'
>

/** Orders of a buyer, the newest first: ids are in the order of their making. */
export async function listOrders(connection: Connection, filter: OrderFilter): Promise<ListedOrder[]> {
  const heads = await connection
    .select()
    .from(orders)
    .where(
      and(
        eq(orders.buyerId, filter.buyerId),
        filter.status && eq(orders.status, filter.status),
        filter.placedFrom && gte(orders.placedAt, filter.placedFrom),
        filter.placedBefore && lt(orders.placedAt, filter.placedBefore),
        filter.beforeId === undefined ? undefined : lt(orders.id, filter.beforeId),
      ),
    )
    .orderBy(desc(orders.id))
    .limit(filter.most)
  const ids = heads.map((head) => head.id)
  const lines =
    ids.length === 0
      ? []
      : await connection
          .select()
          .from(orderLines)
          .where(inArray(orderLines.orderId, ids))
          .orderBy(asc(orderLines.position))
  return heads.map((head) => ({ ...head, lines: lines.filter((line) => line.orderId === head.id) }))
}
