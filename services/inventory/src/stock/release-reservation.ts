import type { Message } from '@bazaar/shared/api/messages'
import { inTransaction, type Transaction } from '@bazaar/shared/database/database'
import { claimMessage } from '@bazaar/shared/messaging/inbox'
import { enqueue } from '@bazaar/shared/messaging/outbox'
import type { Deps } from '../deps.ts'
import { cancellationMismatch } from '../errors.ts'
import { demandBalance, type Returned, releaseStock } from './giving-back.ts'
import { insertTombstone, lockReservation, saveReservation } from './reservation-store.ts'
import { moveStock, type StockLevels } from './stock.ts'
import { listMovementsOf, lockStock, saveMovements } from './stock-store.ts'

type Cancellation = { orderId: string; cancellationId: string; cancelled: Returned[] }

/**
 * Carries out a cancellation: gives the stock back and announces that. If the cancellation arrives before the
 * reservation, it leaves a tombstone that refuses the late reservation. However often the cancellation arrives, and
 * under however many event ids, the stock is given back once.
 *
 * @throws {DomainError} more-than-reserved, cancellation-mismatch: for the operator, nothing was changed.
 */
export async function releaseReservation(
  deps: Deps,
  consumer: string,
  message: Message<'order.cancelled.v1'>,
): Promise<void> {
  // failpoint: release-reservation.on-delivery
  const { orderId, cancellationId, lines } = message.data
  const cancellation = { orderId, cancellationId, cancelled: summed(lines) }
  const isReleased = await inTransaction(deps.database, async (tx) => {
    const productIds = cancellation.cancelled.map(({ productId }) => productId)
    const { levels: locked, now: releasedAt } = await lockStock(tx, productIds)
    if (!(await claimMessage(tx, { consumer, messageId: message.id }))) return false
    const gaveBack = await release(tx, { ...cancellation, locked, now: releasedAt })
    // failpoint: release-reservation.before-commit
    await enqueue(tx, {
      service: 'inventory',
      type: 'stock.released.v1',
      subject: orderId,
      data: { orderId, cancellationId, releasedAt: releasedAt.toISOString() },
    })
    return gaveBack
  })
  if (isReleased) deps.metrics.released.inc()
  // failpoint: release-reservation.after-commit
  deps.wakeRelay()
}

/** Whether stock went back. */
async function release(
  tx: Transaction,
  { orderId, cancellationId, cancelled, locked, now }: Cancellation & { locked: StockLevels; now: Date },
): Promise<boolean> {
  let stored = await lockReservation(tx, orderId)
  if (!stored) {
    if (await insertTombstone(tx, orderId)) return false
    // The reservation was committed just before, so it can be found now.
    stored = await lockReservation(tx, orderId)
  }
  if (!stored || (await isCarriedOut(tx, { cancellationId, cancelled }))) return false

  const { reservation, returned } = releaseStock(stored, cancelled)
  const causes = returned.map(({ productId, quantity }) => ({
    productId,
    delta: quantity,
    reason: 'RELEASED' as const,
    sourceId: cancellationId,
  }))
  demandBalance({ before: stored, after: reservation }, returned)
  await saveReservation(tx, stored, reservation)
  await saveMovements(tx, locked, moveStock(locked, causes, now).movements)
  return returned.length > 0
}

/** Whether the ledger shows that this cancellation already gave its stock back, under another event id. */
async function isCarriedOut(
  tx: Transaction,
  { cancellationId, cancelled }: Pick<Cancellation, 'cancellationId' | 'cancelled'>,
): Promise<boolean> {
  const productIds = cancelled.map(({ productId }) => productId)
  const before = await listMovementsOf(tx, { reason: 'RELEASED', sourceId: cancellationId, productIds })
  if (before.length === 0) return false
  const same = cancelled.every(({ productId, quantity }) =>
    before.some((movement) => movement.productId === productId && movement.delta === quantity),
  )
  if (!same) throw cancellationMismatch()
  return true
}

/** The total quantity of each product, in case a message names one twice. */
function summed(lines: readonly Returned[]): Returned[] {
  const quantities = new Map<string, number>()
  for (const { productId, quantity } of lines)
    quantities.set(productId, (quantities.get(productId) ?? 0) + quantity)
  return [...quantities].map(([productId, quantity]) => ({ productId, quantity }))
}
