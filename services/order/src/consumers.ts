import type { Message } from '@bazaar/shared/api/messages'
import type { Broker } from '@bazaar/shared/broker'
import { type Consumer, startConsumer } from '@bazaar/shared/consumer'
import { inTransaction } from '@bazaar/shared/database'
import { claimMessage } from '@bazaar/shared/inbox'
import { DomainError } from '@bazaar/shared/problem'
import { and, eq, sql } from 'drizzle-orm'
import type { Deps } from './deps.ts'
import { insertEvent, lockOrder } from './order-store.ts'
import { cancellations } from './tables.ts'

const STOCK_RELEASED = 'order.stock-released'

/** Listens to what inventory announces. */
export function startConsumers(deps: Deps, broker: Broker): Consumer {
  return startConsumer(broker, {
    queue: STOCK_RELEASED,
    type: 'stock.released.v1',
    handle: (message) => noteStockReleased(deps, message),
  })
}

/**
 * Inventory has put the stock of a cancellation back: the order now shows when. Heard twice, it is noted once.
 * @throws {DomainError} not-found when there is no such cancellation; the message is then set aside.
 */
export async function noteStockReleased(deps: Deps, message: Message<'stock.released.v1'>): Promise<void> {
  const { orderId, cancellationId, releasedAt } = message.data
  await inTransaction(deps.database, async (tx) => {
    if (!(await claimMessage(tx, { consumer: STOCK_RELEASED, messageId: message.id }))) return
    const order = await lockOrder(tx, orderId)
    const cancellation = order?.cancellations.find((one) => one.id === cancellationId)
    if (!cancellation) throw new DomainError('not-found', 'There is no such cancellation')
    if (cancellation.stockRestoredAt) return
    await tx
      .update(cancellations)
      .set({ stockRestoredAt: sql`now(3)` })
      .where(and(eq(cancellations.id, cancellationId), eq(cancellations.orderId, orderId)))
    await insertEvent(tx, orderId, {
      type: 'STOCK_RESTORED',
      actor: 'SYSTEM',
      detail: { cancellationId, releasedAt },
    })
  })
}
