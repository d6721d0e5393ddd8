import type { Connection, Transaction } from '@bazaar/shared/database/database'
import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm'
import { reservationLines, reservations } from '../tables.ts'
import type { Reservation, ReservationLine } from './reservation.ts'

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

/**
 * Confirms what is held for an order and not overdue, and answers with it; undefined when there is no such reservation.
 * The statement looks at the clock when it has the row, and not before it waited for it, as now() does.
 */
export async function saveHeldAsConfirmed(
  connection: Connection,
  orderId: string,
): Promise<Reservation | undefined> {
  const inTime = gt(reservations.expiresAt, sql`sysdate(3)`)
  const [changed] = await connection
    .update(reservations)
    .set({ status: 'CONFIRMED', changedAt: sql`now(3)` })
    .where(and(eq(reservations.orderId, orderId), eq(reservations.status, 'HELD'), inTime))
  if (changed.affectedRows === 0) return undefined
  const lines = await listLines(connection, [orderId])
  return { orderId, status: 'CONFIRMED', expiresAt: null, lines: lines.map(withoutOrder) }
}

async function withLines(
  connection: Connection,
  heads: (typeof reservations.$inferSelect)[],
): Promise<Reservation[]> {
  if (heads.length === 0) return []
  const orderIds = heads.map(({ orderId }) => orderId)
  const lines = await listLines(connection, orderIds)
  return heads.map(({ orderId, status, expiresAt }) => ({
    orderId,
    status,
    expiresAt,
    lines: lines.filter((line) => line.orderId === orderId).map(withoutOrder),
  }))
}

async function listLines(connection: Connection, orderIds: string[]): Promise<StoredLine[]> {
  return connection
    .select()
    .from(reservationLines)
    .where(inArray(reservationLines.orderId, orderIds))
    .orderBy(asc(reservationLines.productId))
}

type StoredLine = typeof reservationLines.$inferSelect

function withoutOrder({ orderId: _, ...line }: StoredLine): ReservationLine {
  return line
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
