import { inTransaction, read, type Transaction } from '@bazaar/shared/database'
import type { Deps } from './deps.ts'
import { demandBalance, expireStock } from './reservation.ts'
import { findReservation, listOverdueOrders, lockReservation, saveReservation } from './reservation-store.ts'
import { moveStock } from './stock.ts'
import { lockStock, saveMovements } from './stock-store.ts'

/** How many reservations one round looks at. */
const BATCH_MAX = 100

/**
 * Puts back the stock that was held for too long. Several may do this at once: what another has in hand is passed
 * over. What was confirmed is never touched.
 */
export async function expireReservations(deps: Deps): Promise<'more' | 'done'> {
  const overdue = await read(deps.database, (connection) => listOverdueOrders(connection, BATCH_MAX))
  let expired = 0
  for (const orderId of overdue) {
    try {
      const done = await inTransaction(deps.database, (tx) => expireOne(tx, orderId))
      if (done) expired += 1
    } catch (error) {
      // One that cannot be put back must not keep the others from it.
      deps.log.warn({ error, orderId }, 'a reservation could not be expired yet')
    }
  }
  return overdue.length === BATCH_MAX && expired > 0 ? 'more' : 'done'
}

/** True when it was this call that put the stock back. */
async function expireOne(tx: Transaction, orderId: string): Promise<boolean> {
  const seen = await findReservation(tx, orderId)
  if (seen?.status !== 'HELD') return false
  const productIds = seen.lines.map(({ productId }) => productId)
  const { levels: locked, now } = await lockStock(tx, productIds)
  const stored = await lockReservation(tx, orderId, { skipLocked: true })
  const expired = stored && expireStock(stored, now)
  if (!expired) return false
  const causes = expired.returned.map(({ productId, quantity }) => ({
    productId,
    delta: quantity,
    reason: 'EXPIRED' as const,
    sourceId: orderId,
  }))
  demandBalance({ before: stored, after: expired.reservation }, expired.returned)
  await saveReservation(tx, stored, expired.reservation)
  await saveMovements(tx, locked, moveStock(locked, causes, now).movements)
  return true
}
