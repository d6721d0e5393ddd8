import { DomainError } from '@bazaar/shared/problem'
import { type AskedLine, holdStock, type Reservation, type ReservationStatus } from './reservation.ts'

/* Reservations that tests of the rules begin with. */

export const now = new Date('2026-01-31T09:30:00.000Z')
export const later = new Date(now.getTime() + 60_000)
export const earlier = new Date(now.getTime() - 1)

export const asked: AskedLine[] = [
  { productId: 'a', quantity: 2, unitPriceMinor: 500, currency: 'EUR' },
  { productId: 'b', quantity: 1, unitPriceMinor: 900, currency: 'EUR' },
]

/** The reservation in a state; what it held has gone back if the state is final. */
export function stored(status: ReservationStatus, expiresAt: Date | null = later): Reservation {
  const held = holdStock('o1', asked, later)
  const gone = status === 'RELEASED' || status === 'EXPIRED'
  return {
    ...held,
    status,
    expiresAt,
    lines: gone ? held.lines.map((line) => ({ ...line, releasedQuantity: line.quantity })) : held.lines,
  }
}

export const tombstone: Reservation = { orderId: 'o1', status: 'RELEASED', expiresAt: null, lines: [] }

/** The code of the refusal, or what the answer has to show. */
export function outcome<T>(act: () => T, show: (answer: T) => string): string {
  try {
    return show(act())
  } catch (error) {
    if (error instanceof DomainError) return error.code
    throw error
  }
}
