import type { Message } from '@bazaar/shared/api/messages'
import { inTransaction } from '@bazaar/shared/database/database'
import { claimMessage } from '@bazaar/shared/messaging/inbox'
import { DomainError } from '@bazaar/shared/problem'
import type { Deps } from '../deps.ts'
import { insertEvents } from '../orders/event-store.ts'
import { holdOrder } from '../orders/order-store.ts'
import { isCancellation, saveStockRestored } from './cancellation-store.ts'

/**
 * Notes that inventory has put the stock of a cancellation back: the order now shows when. A message that arrives
 * twice is noted once.
 * @throws {DomainError} not-found when there is no such cancellation; the message is then set aside.
 */
export async function noteStockReleased(
  deps: Deps,
  consumer: string,
  message: Message<'stock.released.v1'>,
): Promise<void> {
  const { orderId, cancellationId, releasedAt } = message.data
  await inTransaction(deps.database, async (tx) => {
    if (!(await claimMessage(tx, { consumer, messageId: message.id }))) return
    await holdOrder(tx, orderId)
    if (await saveStockRestored(tx, { orderId, cancellationId })) {
      // failpoint: note-stock-released.before-commit
      const detail = { cancellationId, releasedAt }
      await insertEvents(tx, orderId, [{ type: 'STOCK_RESTORED', actor: 'SYSTEM', detail }])
    } else if (!(await isCancellation(tx, { orderId, cancellationId }))) {
      throw new DomainError('not-found', 'There is no such cancellation')
    }
  })
}
