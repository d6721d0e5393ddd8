import { DomainError } from '@bazaar/shared/problem'
import { type Offer, refuseUnlessReservable } from './reservable.ts'
import { type AskedLine, holdStock, type Reservation, repeatReservation } from './reservation.ts'
import { type Movement, moveStock, type StockLevels } from './stock.ts'

/** An order's request for a reservation. */
export type ReservationRequest = { orderId: string; lines: AskedLine[] }

/** The outcome of such a request. */
export type Outcome = { reservation: Reservation } | { refusal: DomainError }

/** The state that decides reservations: prices, stock under its lock, and the end of the hold. */
type OpenShelf = { offers: ReadonlyMap<string, Offer>; levels: StockLevels; now: Date; expiresAt: Date }

/**
 * Decides the requests one after the other, and what must be stored for each. `known` has the existing reservations
 * by order.
 */
export function decideReservations(
  requests: readonly ReservationRequest[],
  { offers, levels: before, now, expiresAt }: OpenShelf,
  known: Map<string, Reservation>,
): { outcomes: Outcome[]; created: Reservation[]; moved: Movement[] } {
  const created: Reservation[] = []
  const moved: Movement[] = []
  let levels = before
  const outcomes = requests.map(({ orderId, lines }): Outcome => {
    try {
      const stored = known.get(orderId)
      if (stored) return { reservation: repeatReservation(stored, lines) }
      refuseUnlessReservable(lines, { offers, levels })
    } catch (refusal) {
      if (!(refusal instanceof DomainError)) throw refusal
      return { refusal }
    }
    const causes = lines.map(({ productId, quantity }) => ({
      productId,
      delta: -quantity,
      reason: 'RESERVED' as const,
      sourceId: orderId,
    }))
    const after = moveStock(levels, causes, now)
    const reservation = holdStock(orderId, lines, expiresAt)
    levels = after.levels
    moved.push(...after.movements)
    created.push(reservation)
    known.set(orderId, reservation)
    return { reservation }
  })
  return { outcomes, created, moved }
}
