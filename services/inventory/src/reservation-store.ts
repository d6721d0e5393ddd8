import type { Connection, Transaction } from '@bazaar/shared/database/database'
import { and, asc, eq, gt, gte, inArray, lte, or, sql } from 'drizzle-orm'
import type { Reservation } from './reservation.ts'
import { reservationLines, reservations } from './tables.ts'

/** The reservations of the orders that have one. */
export async function listReservations(
  connection: Connection,
  orderIds: readonly string[],
): Promise<Reservation[]> {
  const heads = await connection
    .select()
    .from(reservations)
    .where(inArray(reservations.orderId, [...orderIds]))
  return withLines(connection, heads)
}

/** The reservation of an order. */
export async function findReservation(
  connection: Connection,
  orderId: string,
): Promise<Reservation | undefined> {
  const [found] = await listReservations(connection, [orderId])
  return found
}

/**
 * The reservation of an order, held until the end of the transaction. Where stock moves too, lock that first.
 * With `skipLocked` it is passed over, as if there were none, while somebody else holds it.
 */
export async function lockReservation(
  tx: Transaction,
  orderId: string,
  options: { skipLocked?: true } = {},
): Promise<Reservation | undefined> {
  const heads = await tx
    .select()
    .from(reservations)
    .where(eq(reservations.orderId, orderId))
    .for('update', options)
  const [found] = await withLines(tx, heads)
  return found
}

async function withLines(
  connection: Connection,
  heads: (typeof reservations.$inferSelect)[],
): Promise<Reservation[]> {
  if (heads.length === 0) return []
  const lines = await connection
    .select()
    .from(reservationLines)
    .where(
      inArray(
        reservationLines.orderId,
        heads.map(({ orderId }) => orderId),
      ),
    )
    .orderBy(asc(reservationLines.productId))
  return heads.map(({ orderId, status, expiresAt }) => ({
    orderId,
    status,
    expiresAt,
    lines: lines.filter((line) => line.orderId === orderId).map(({ orderId: _, ...line }) => line),
  }))
}

/** Stores new reservations. Fails as a duplicate key when one of the orders has one. */
export async function insertReservations(
  tx: Transaction,
  created: readonly Reservation[],
  now: Date,
): Promise<void> {
  if (created.length === 0) return
  await tx.insert(reservations).values(
    created.map(({ orderId, status, expiresAt }) => ({
      orderId,
      status,
      expiresAt,
      createdAt: now,
      changedAt: now,
    })),
  )
  await tx
    .insert(reservationLines)
    .values(created.flatMap(({ orderId, lines }) => lines.map((line) => ({ ...line, orderId }))))
}

/** Notes that the order was cancelled before it reserved anything. False when it has a reservation after all. */
export async function insertTombstone(tx: Transaction, orderId: string): Promise<boolean> {
  const now = sql`now(3)`
  const [result] = await tx
    .insert(reservations)
    .ignore()
    .values({ orderId, status: 'RELEASED', createdAt: now, changedAt: now })
  return result.affectedRows === 1
}

/** Stores what the rules made of a locked reservation: its state, and what was given back of its lines. */
export async function saveReservation(
  tx: Transaction,
  before: Reservation,
  after: Reservation,
): Promise<void> {
  if (after.status !== before.status) {
    await tx
      .update(reservations)
      .set({ status: after.status, changedAt: sql`now(3)` })
      .where(eq(reservations.orderId, after.orderId))
  }
  for (const { productId, releasedQuantity } of after.lines) {
    const line = before.lines.find((one) => one.productId === productId)
    if (line?.releasedQuantity === releasedQuantity) continue
    await tx
      .update(reservationLines)
      .set({ releasedQuantity })
      .where(and(eq(reservationLines.orderId, after.orderId), eq(reservationLines.productId, productId)))
  }
}

/** An order whose stock was held for too long, and until when it should have been. */
export type Overdue = { orderId: string; expiresAt: Date | null }

/** The orders whose stock was held for too long, the longest first, after the given one. */
export async function listOverdueOrders(
  connection: Connection,
  { after, most }: { after: Overdue | undefined; most: number },
): Promise<Overdue[]> {
  const { orderId, expiresAt } = reservations
  const isOverdue = and(eq(reservations.status, 'HELD'), lte(reservations.expiresAt, sql`now(3)`))
  const isAfter =
    after?.expiresAt &&
    and(gte(expiresAt, after.expiresAt), or(gt(expiresAt, after.expiresAt), gt(orderId, after.orderId)))
  return connection
    .select({ orderId, expiresAt })
    .from(reservations)
    .where(and(isOverdue, isAfter ?? undefined))
    .orderBy(asc(expiresAt), asc(orderId))
    .limit(most)
}
