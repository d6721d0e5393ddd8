import { orderCancelled, reservationExpired, reservationMismatch } from '../errors.ts'

/** A product in a reservation. `releasedQuantity` is the part of `quantity` that was given back since. */
export type ReservationLine = {
  productId: string
  quantity: number
  releasedQuantity: number
  unitPriceMinor: number
  currency: string
}

/** The states of a reservation. RELEASED and EXPIRED are final. */
export type ReservationStatus = 'HELD' | 'CONFIRMED' | 'RELEASED' | 'EXPIRED'

/** Stock reserved for an order. RELEASED without lines: the order was cancelled before its reservation arrived. */
export type Reservation = {
  orderId: string
  status: ReservationStatus
  expiresAt: Date | null
  lines: ReservationLine[]
}

/** A requested product: the quantity, and the price that the buyer was promised. */
export type AskedLine = Pick<ReservationLine, 'productId' | 'quantity' | 'unitPriceMinor' | 'currency'>

const MOVES = {
  HELD: ['confirm', 'release', 'expire'],
  CONFIRMED: ['confirm', 'release'],
  RELEASED: [],
  EXPIRED: [],
} as const satisfies Record<ReservationStatus, readonly string[]>

/** Whether a reservation in this state may make the move. */
export function allows(status: ReservationStatus, move: 'confirm' | 'release' | 'expire'): boolean {
  return MOVES[status].some((allowed) => allowed === move)
}

/** A new reservation: all of it is held, nothing has been given back. */
export function holdStock(orderId: string, asked: readonly AskedLine[], expiresAt: Date): Reservation {
  return {
    orderId,
    status: 'HELD',
    expiresAt,
    lines: asked.map(({ productId, quantity, unitPriceMinor, currency }) => ({
      productId,
      quantity,
      releasedQuantity: 0,
      unitPriceMinor,
      currency,
    })),
  }
}

/**
 * The answer to an order that asks again: its reservation as it is now.
 * @throws {DomainError} reservation-mismatch when it asks for something else now; order-cancelled or
 * reservation-expired when nothing is reserved for it any more.
 */
export function repeatReservation(stored: Reservation, asked: readonly AskedLine[]): Reservation {
  if (stored.lines.length > 0 && !sameLines(stored.lines, asked)) throw reservationMismatch()
  if (stored.status === 'RELEASED') throw orderCancelled()
  if (stored.status === 'EXPIRED') throw reservationExpired()
  return stored
}

function sameLines(stored: readonly AskedLine[], asked: readonly AskedLine[]): boolean {
  return (
    stored.length === asked.length &&
    asked.every((line) =>
      stored.some(
        (one) =>
          one.productId === line.productId &&
          one.quantity === line.quantity &&
          one.unitPriceMinor === line.unitPriceMinor &&
          one.currency === line.currency,
      ),
    )
  )
}

/**
 * Confirms a held reservation for good. Confirming again changes nothing.
 * @throws {DomainError} order-cancelled; reservation-expired, also when the hold has ended but the stock has not been
 * put back yet.
 */
export function confirmStock(stored: Reservation, now: Date): Reservation {
  if (stored.status === 'RELEASED') throw orderCancelled()
  if (!allows(stored.status, 'confirm') || isOverdue(stored, now)) throw reservationExpired()
  return { ...stored, status: 'CONFIRMED' }
}

/** Whether the time for which it was held is over, and nothing has become of it. */
export function isOverdue({ status, expiresAt }: Reservation, now: Date): boolean {
  return status === 'HELD' && expiresAt !== null && expiresAt.getTime() <= now.getTime()
}
