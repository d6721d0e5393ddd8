import type { Reader, Transaction } from '@bazaar/shared/database/database'
import { PENDING_SECONDS_MAX } from '@bazaar/shared/telemetry/waits'
import { and, asc, desc, eq, gt, gte, inArray, isNull, lt, ne, or, sql } from 'drizzle-orm'
import { cancellations, orderLines, orderParts, orders, payments, refunds } from '../tables.ts'

/** An order with the values that are compared, as stored. */
export type ComparedOrder = typeof orders.$inferSelect & {
  ageSeconds: number
  lines: (typeof orderLines.$inferSelect)[]
  parts: (typeof orderParts.$inferSelect)[]
  /** The attempts to pay; the first is the latest, which counts. */
  attempts: (typeof payments.$inferSelect)[]
  payment: typeof payments.$inferSelect | undefined
  /** The amount given back, or to be given back, in minor units. */
  givenBackMinor: number
  refundsPending: boolean
  /** Whether a cancellation's stock is not known to be back. */
  stockIsOut: boolean
}

/** The place where a page of orders, sorted by the time of placing, begins. */
export type PlacedPosition = { placedAt: Date; id: string }

/** Orders placed in the last `hours`, the oldest first. */
export async function listPlaced(
  connection: Reader,
  page: { hours: number; after: PlacedPosition | undefined; most: number },
): Promise<PlacedPosition[]> {
  const { hours, after, most } = page
  return connection
    .select({ placedAt: orders.placedAt, id: orders.id })
    .from(orders)
    .where(
      after
        ? and(
            gte(orders.placedAt, after.placedAt),
            or(gt(orders.placedAt, after.placedAt), gt(orders.id, after.id)),
          )
        : gte(orders.placedAt, sql`now(3) - interval ${hours} hour`),
    )
    .orderBy(asc(orders.placedAt), asc(orders.id))
    .limit(most)
}

/** The ids, in order, of orders whose cancelled stock is not known to be back. */
export async function listStockOut(
  connection: Reader,
  page: { afterId: string | undefined; most: number },
): Promise<string[]> {
  const rows = await connection
    .selectDistinct({ id: cancellations.orderId })
    .from(cancellations)
    .where(
      and(
        isNull(cancellations.stockRestoredAt),
        page.afterId === undefined ? undefined : gt(cancellations.orderId, page.afterId),
      ),
    )
    .orderBy(asc(cancellations.orderId))
    .limit(page.most)
  return rows.map(({ id }) => id)
}

/**
 * The ids of orders that should have moved on by themselves, whenever they were placed: PENDING for too long, or with
 * work that no worker was told about. Up to `most` of each kind; the rest comes next time.
 */
export async function listLeftAlone(connection: Reader, most: number): Promise<string[]> {
  const [pending, waiting, unpaid, unrefunded] = await Promise.all([
    connection
      .select({ id: orders.id })
      .from(orders)
      .where(
        and(
          eq(orders.status, 'PENDING'),
          lt(orders.placedAt, sql`now(3) - interval ${PENDING_SECONDS_MAX} second`),
        ),
      )
      .orderBy(asc(orders.placedAt))
      .limit(most),
    connection
      .select({ id: orders.id })
      .from(orders)
      .where(and(eq(orders.status, 'AWAITING_PAYMENT'), isNull(orders.workDueAt)))
      .limit(most),
    connection
      .select({ id: payments.orderId })
      .from(payments)
      .where(and(eq(payments.status, 'AUTHORISED'), isNull(payments.workDueAt)))
      .limit(most),
    connection
      .select({ id: refunds.orderId })
      .from(refunds)
      .innerJoin(payments, eq(payments.id, refunds.paymentId))
      .where(and(eq(refunds.status, 'PENDING'), isNull(payments.workDueAt)))
      .limit(most),
  ])
  return [...new Set([...pending, ...waiting, ...unpaid, ...unrefunded].map(({ id }) => id))]
}

/** Those of these ids that are of an order. */
export async function listKnown(connection: Reader, ids: readonly string[]): Promise<string[]> {
  const rows = await connection
    .select({ id: orders.id })
    .from(orders)
    .where(inArray(orders.id, [...ids]))
  return rows.map(({ id }) => id)
}

/** Makes the work on a locked order due if no time is set for it. */
export async function saveForgottenWork(
  tx: Transaction,
  { orderId, paymentId }: { orderId: string; paymentId: string | undefined },
): Promise<void> {
  const open = ['PENDING', 'AWAITING_PAYMENT'] as const
  await tx
    .update(orders)
    .set({ workDueAt: sql`if(${orders.status} = 'PENDING', now(3), coalesce(${orders.payBy}, now(3)))` })
    .where(and(eq(orders.id, orderId), inArray(orders.status, open), isNull(orders.workDueAt)))
  if (paymentId !== undefined)
    await tx
      .update(payments)
      .set({ workDueAt: sql`now(3)` })
      .where(and(eq(payments.id, paymentId), isNull(payments.workDueAt)))
}

/** The orders with these ids, with the values that are compared. */
export async function listCompared(connection: Reader, ids: readonly string[]): Promise<ComparedOrder[]> {
  const among = [...ids]
  const [heads, lines, parts, attempts, givenBack, out] = await Promise.all([
    connection
      .select({
        order: orders,
        ageSeconds: sql`timestampdiff(second, ${orders.placedAt}, now(3))`.mapWith(Number),
      })
      .from(orders)
      .where(inArray(orders.id, among)),
    connection.select().from(orderLines).where(inArray(orderLines.orderId, among)),
    connection.select().from(orderParts).where(inArray(orderParts.orderId, among)),
    connection.select().from(payments).where(inArray(payments.orderId, among)).orderBy(desc(payments.id)),
    connection
      .select({
        orderId: refunds.orderId,
        amountMinor: sql`sum(${refunds.amountMinor})`.mapWith(Number),
        pending: sql`sum(${refunds.status} = 'PENDING')`.mapWith(Number).as('pending'),
      })
      .from(refunds)
      .where(and(inArray(refunds.orderId, among), ne(refunds.status, 'RELEASED')))
      .groupBy(refunds.orderId),
    connection
      .selectDistinct({ orderId: cancellations.orderId })
      .from(cancellations)
      .where(and(inArray(cancellations.orderId, among), isNull(cancellations.stockRestoredAt))),
  ])
  return heads.map(({ order, ageSeconds }) => {
    const ofIt = ({ orderId }: { orderId: string }) => orderId === order.id
    const back = givenBack.find(ofIt)
    const itsAttempts = attempts.filter(ofIt)
    return {
      ...order,
      ageSeconds,
      lines: lines.filter(ofIt),
      parts: parts.filter(ofIt),
      attempts: itsAttempts,
      payment: itsAttempts[0],
      givenBackMinor: back?.amountMinor ?? 0,
      refundsPending: (back?.pending ?? 0) > 0,
      stockIsOut: out.some(ofIt),
    }
  })
}
