import { inTransaction, repeatably, type Transaction } from '@bazaar/shared/database/database'
import { gather, type Patience } from '@bazaar/shared/process/gather'
import type { Deps } from '../deps.ts'
import { reservationNotFound } from '../errors.ts'
import { promptly } from './answer-promptly.ts'
import type { Outcome } from './decide-reservations.ts'
import { confirmStock, type Reservation } from './reservation.ts'
import { lockReservation, saveHeldAsConfirmed, saveReservation } from './reservation-store.ts'
import { findNow } from './stock-store.ts'

/** At most this many reservations are confirmed by one statement. */
const BATCH_MAX = 64
const WAITING_MAX = 512
/** While one batch waits for a reservation that is just being released, the others go on. */
const BATCHES_AT_ONCE = 2

/**
 * Confirms the stock held for orders, for good. Repeatable. Whether it comes in time is decided under the lock of the
 * reservation, by the database's clock: either this or the expiry gets the stock, never both.
 *
 * If the stock of all that ask at the same time is held in time, one statement does it. If not, the rules tell each of
 * them why, or that it was done before.
 *
 * Both functions throw {DependencyUnavailable}, also when too many wait.
 */
export function createConfirmations(deps: Deps): Confirmations {
  const together = gather((orderIds: string[], patience) => confirmHeld(deps, orderIds, patience), {
    of: 'reservations',
    batchMax: BATCH_MAX,
    waitingMax: WAITING_MAX,
    atOnce: BATCHES_AT_ONCE,
    keyOf: (orderId) => orderId,
  })
  async function confirmReservation(orderId: string): Promise<Reservation> {
    const confirmed = await together(orderId)
    return confirmed ?? inTransaction(deps.database, (tx) => confirmLocked(tx, orderId))
  }
  return {
    confirmReservation,
    confirmReservations: (orderIds) =>
      promptly(orderIds, async (orderId) => ({ reservation: await confirmReservation(orderId) })),
  }
}

/** The stock of one order is confirmed, or that of several. */
export type Confirmations = {
  /** @throws {DomainError} not-found, reservation-expired, order-cancelled. */
  confirmReservation: (orderId: string) => Promise<Reservation>
  /** Waits for nobody: an order whose reservation is locked elsewhere has no outcome. */
  confirmReservations: (orderIds: readonly string[]) => Promise<(Outcome | undefined)[]>
}

/** Confirms what is held in time, if all of it is; otherwise it is undefined what is confirmed by now. */
async function confirmHeld(
  deps: Deps,
  orderIds: readonly string[],
  patience: Patience,
): Promise<(Reservation | undefined)[]> {
  // failpoint: confirm-reservation.before-commit
  const confirmed = await repeatably(
    deps.database,
    (connection) => saveHeldAsConfirmed(connection, [...new Set(orderIds)]),
    patience,
  )
  return orderIds.map((orderId) => confirmed?.find((one) => one.orderId === orderId))
}

async function confirmLocked(tx: Transaction, orderId: string): Promise<Reservation> {
  const stored = await lockReservation(tx, orderId)
  if (!stored) throw reservationNotFound()
  const confirmed = confirmStock(stored, await findNow(tx))
  await saveReservation(tx, stored, confirmed)
  return confirmed
}
