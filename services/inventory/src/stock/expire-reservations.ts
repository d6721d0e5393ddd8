import { inTransaction, read, type Transaction } from '@bazaar/shared/database/database'
import { asWork } from '@bazaar/shared/telemetry/spans'
import type { Deps } from '../deps.ts'
import { demandBalance, expireStock } from './giving-back.ts'
import { listOverdueOrders, type Overdue } from './overdue-store.ts'
import { findReservation, lockReservation, saveReservation } from './reservation-store.ts'
import { moveStock } from './stock.ts'
import { lockStock, saveMovements } from './stock-store.ts'

/** The number of reservations handled in one go. */
const BATCH_MAX = 100

/**
 * Puts stock back that was held for too long, for some reservations after the given one. Several instances may do
 * this at once; each skips the reservations that another has locked. Confirmed stock is never touched. Returns where
 * to go on, so that reservations that cannot be put back, however many, do not block the others; undefined at the
 * end.
 */
export async function expireReservations(deps: Deps, after?: Overdue): Promise<Overdue | undefined> {
  const overdue = await read(deps.database, (connection) =>
    listOverdueOrders(connection, { after, most: BATCH_MAX }),
  )
  for (const { orderId } of overdue) {
    try {
      const expire = () => inTransaction(deps.database, (tx) => expireOne(tx, orderId))
      if (await asWork('expire reservation', expire)) deps.metrics.expired.inc()
    } catch (error) {
      deps.log.warn({ error, orderId }, 'a reservation could not be expired yet')
    }
  }
  return overdue.length === BATCH_MAX ? overdue.at(-1) : undefined
}

/** False when there is nothing to put back any more, or somebody else has it in hand. */
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
