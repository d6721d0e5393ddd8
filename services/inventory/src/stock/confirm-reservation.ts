import { inTransaction, repeatably, type Transaction } from '@bazaar/shared/database/database'
import type { Deps } from '../deps.ts'
import { reservationNotFound } from '../errors.ts'
import { confirmStock, type Reservation } from './reservation.ts'
import { lockReservation, saveHeldAsConfirmed, saveReservation } from './reservation-store.ts'
import { findNow } from './stock-store.ts'

/**
 * Confirms the stock held for an order, for good. Repeatable. Whether it comes in time is decided under the lock of
 * the reservation, by the database's clock: either this or the expiry gets the stock, never both.
 *
 * If the stock is held in time, one statement does it. If not, the rules tell why, or that it was done before.
 *
 * @throws {DomainError} not-found, reservation-expired, order-cancelled.
 */
export async function confirmReservation(deps: Deps, orderId: string): Promise<Reservation> {
  // failpoint: confirm-reservation.before-commit
  const confirmed = await repeatably(deps.database, (connection) => saveHeldAsConfirmed(connection, orderId))
  return confirmed ?? inTransaction(deps.database, (tx) => confirmLocked(tx, orderId))
}

async function confirmLocked(tx: Transaction, orderId: string): Promise<Reservation> {
  const stored = await lockReservation(tx, orderId)
  if (!stored) throw reservationNotFound()
  const confirmed = confirmStock(stored, await findNow(tx))
  await saveReservation(tx, stored, confirmed)
  return confirmed
}
