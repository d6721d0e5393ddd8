import type { Connection, Reader, Transaction } from '@bazaar/shared/database/database'
import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm'
import { reservationLines, reservations } from '../tables.ts'
import type { Reservation, ReservationLine } from './reservation.ts'

/** The reservations of those orders that have one. */
export async function listReservations(
  connection: Reader,
  orderIds: readonly string[],
): Promise<Reservation[]> {
  const heads = await connection
    .select()
    .from(reservations)
    .where(inArray(reservations.orderId, [...orderIds]))
  return withLines(connection, heads)
}

/** Reservations in the order of their orders' ids: of some orders, or of all after one. */
export async function listReservationPage(
  connection: Reader,
  page: { orderIds: readonly string[] | undefined; afterOrderId: string | undefined; most: number },
): Promise<Reservation[]> {
  const { orderIds, afterOrderId, most } = page
  const heads = await connection
    .select()
    .from(reservations)
    .where(
      and(
        orderIds && inArray(reservations.orderId, [...orderIds]),
        afterOrderId === undefined ? undefined : gt(reservations.orderId, afterOrderId),
      ),
    )
    .orderBy(asc(reservations.orderId))
    .limit(most)
  return withLines(connection, heads)
}

/** The reservation of an order. */
export async function findReservation(connection: Reader, orderId: string): Promise<Reservation | undefined> {
  const [found] = await listReservations(connection, [orderId])
  return found
}

/**
 * The reservation of an order, locked until the end of the transaction. If stock moves too, lock that first. With
 * `skipLocked`, a reservation that is locked by another transaction counts as not there.
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
 * Confirms a reservation that is held and not overdue, and returns it; undefined when there is no such reservation.
 * The statement reads the clock once it has the row; now() would be the time before it waited.
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
  connection: Reader,
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

async function listLines(connection: Reader, orderIds: string[]): Promise<StoredLine[]> {
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

/** Stores new reservations. Fails with a duplicate key when one of the orders already has one. */
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

/** Notes that the order was cancelled before it reserved anything. False when it turns out to have a reservation. */
export async function insertTombstone(tx: Transaction, orderId: string): Promise<boolean> {
  const now = sql`now(3)`
  const [result] = await tx
    .insert(reservations)
    .ignore()
    .values({ orderId, status: 'RELEASED', createdAt: now, changedAt: now })
  return result.affectedRows === 1
}

/** Stores the changes that the rules made to a locked reservation: its state, and the quantities given back. */
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
