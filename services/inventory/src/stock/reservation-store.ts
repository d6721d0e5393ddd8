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
 * Confirms those of the reservations that are held and not overdue, and returns them if they are all; undefined
 * otherwise. The statement reads the clock once it has a row; now() would be the time before it waited. It finds the
 * rows by primary key, because by the index of the state it would lock the reservations of others, too.
 */
export async function saveHeldAsConfirmed(
  connection: Connection,
  orderIds: readonly string[],
): Promise<Reservation[] | undefined> {
  const wanted = and(
    inArray(reservations.orderId, [...orderIds]),
    eq(reservations.status, 'HELD'),
    gt(reservations.expiresAt, sql`sysdate(3)`),
  )
  const [changed] = await connection.execute(
    sql`update ${reservations} force index (primary)
      set ${reservations.status} = 'CONFIRMED', ${reservations.changedAt} = now(3) where ${wanted}`,
  )
  if (changed.affectedRows !== orderIds.length) return undefined
  const heads = orderIds.map((orderId) => ({ orderId, status: 'CONFIRMED' as const, expiresAt: null }))
  return withLines(connection, heads)
}

async function withLines(
  connection: Reader,
  heads: Pick<typeof reservations.$inferSelect, 'orderId' | 'status' | 'expiresAt'>[],
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

/**
 * Stores new reservations, in the order of their ids, so that two that store the same wait for each other and never in
 * a circle. Fails with a duplicate key when one of the orders already has one.
 */
export async function insertReservations(
  tx: Transaction,
  created: readonly Reservation[],
  now: Date,
): Promise<void> {
  if (created.length === 0) return
  const sorted = created.toSorted((one, other) => (one.orderId < other.orderId ? -1 : 1))
  await tx.insert(reservations).values(
    sorted.map(({ orderId, status, expiresAt }) => ({
      orderId,
      status,
      expiresAt,
      createdAt: now,
      changedAt: now,
    })),
  )
  await tx
    .insert(reservationLines)
    .values(sorted.flatMap(({ orderId, lines }) => lines.map((line) => ({ ...line, orderId }))))
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
