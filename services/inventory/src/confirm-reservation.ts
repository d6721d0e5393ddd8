import { inTransaction } from '@bazaar/shared/database/database'
import type { Deps } from './deps.ts'
import { reservationNotFound } from './errors.ts'
import { confirmStock, type Reservation } from './reservation.ts'
import { lockReservation, saveReservation } from './reservation-store.ts'
import { findNow } from './stock-store.ts'

/**
 * Keeps for good what is held for an order. Repeatable. Whether it comes in time is decided under the lock of the
 * reservation, by the database's clock: either this or the expiry has it, never both.
 *
 * @throws {DomainError} not-found, reservation-expired, order-cancelled.
 */
export async function confirmReservation(deps: Deps, orderId: string): Promise<Reservation> {
  return inTransaction(deps.database, async (tx) => {
    const stored = await lockReservation(tx, orderId)
    if (!stored) throw reservationNotFound()
    const confirmed = confirmStock(stored, await findNow(tx))
    await saveReservation(tx, stored, confirmed)
    // failpoint: confirm-reservation.before-commit
    return confirmed
  })
}
