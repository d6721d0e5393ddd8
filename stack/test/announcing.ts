import type { MessageData } from '@bazaar/shared/api/messages'
import { newId } from '@bazaar/shared/database/columns'
import { closeDatabase, connectDatabase, inTransaction } from '@bazaar/shared/database/database'
import { connectBroker } from '@bazaar/shared/messaging/broker'
import { startConsumer } from '@bazaar/shared/messaging/consumer'
import { enqueue, outboxBacklog } from '@bazaar/shared/messaging/outbox'
import { startRelay } from '@bazaar/shared/messaging/relay'
import { migrateService } from '@bazaar/shared/migrate'
import { testLog } from '@bazaar/shared/testing/test-log'
import { until } from '@bazaar/shared/testing/until'

/** The queue in which cancellations wait for inventory. */
export const QUEUE = 'inventory.order-cancelled'

/** Order's outbox and relay, and inventory's consumer, with nothing of the services around them. */
export type Announcing = Awaited<ReturnType<typeof openAnnouncing>>

/** Opens both sides on an empty database and a broker, and waits until they are connected. */
export async function openAnnouncing(urls: { database: string; order: string; inventory: string }) {
  await migrateService('order', urls.database)
  const database = connectDatabase({ url: urls.database, poolMax: 3, log: testLog })
  const broker = connectBroker({ url: urls.order, service: 'order', log: testLog })
  const relay = startRelay({ database, broker, log: testLog })
  const listening = connectBroker({ url: urls.inventory, service: 'inventory', log: testLog })
  const handled = new Set<string>()
  const consumer = startConsumer(listening, {
    queue: QUEUE,
    type: 'order.cancelled.v1',
    handle: async ({ id }) => void handled.add(id),
  })
  /** What keeps messages from going on, as readiness says it. */
  const problem = () => broker.problem() ?? consumer.problem()
  const unsent = async () => (await outboxBacklog(database)).unsent

  async function announceOne(): Promise<string> {
    const data: MessageData<'order.cancelled.v1'> = {
      orderId: newId(),
      cancellationId: newId(),
      lines: [{ productId: newId(), quantity: 1 }],
      reason: 'changed my mind',
      cancelledAt: new Date().toISOString(),
    }
    return await inTransaction(database, (tx) =>
      enqueue(tx, { service: 'order', type: 'order.cancelled.v1', subject: data.orderId, data }),
    )
  }

  await until('both sides are connected', () => problem() === undefined)
  return {
    problem,
    unsent,
    /** Commits so many cancellations; the result is the ids of their messages. */
    async announce(count: number): Promise<string[]> {
      const ids = await Promise.all(Array.from({ length: count }, announceOne))
      relay.wake()
      return ids
    },
    /** Waits until each of them has been sent and handled. */
    async allHandled(ids: readonly string[]): Promise<void> {
      await until('all are sent', async () => (await unsent()) === 0)
      await until('all are handled', () => ids.every((id) => handled.has(id)))
    },
    handled: (ids: readonly string[]) => ids.filter((id) => handled.has(id)).length,
    async close(): Promise<void> {
      await Promise.all([relay.stop(), consumer.stop()])
      await Promise.all([broker.close(), listening.close()])
      await closeDatabase(database)
    },
  }
}
