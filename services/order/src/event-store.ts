import { newIdAfter } from '@bazaar/shared/database/columns'
import type { Connection, Transaction } from '@bazaar/shared/database/database'
import { and, asc, desc, eq, gt, sql } from 'drizzle-orm'
import type { PageOf } from './cancellation-store.ts'
import { orderEvents } from './tables.ts'

/** An event of the timeline as it is stored. */
export type StoredEvent = typeof orderEvents.$inferSelect

/** What happened to an order, and who did it. */
export type TimelineEntry = {
  type: string
  actor: 'BUYER' | 'SELLER' | 'SYSTEM'
  actorId?: string
  detail?: Record<string, string | number>
}

/** Adds to the timeline of an order, which is locked or new, after everything that is in it. */
export async function insertEvent(tx: Transaction, orderId: string, entry: TimelineEntry): Promise<void> {
  const { type, actor, actorId = null, detail = {} } = entry
  const [last] = await tx
    .select({ id: orderEvents.id })
    .from(orderEvents)
    .where(eq(orderEvents.orderId, orderId))
    .orderBy(desc(orderEvents.id))
    .limit(1)
  await tx
    .insert(orderEvents)
    .values({ orderId, id: newIdAfter(last?.id), type, actor, actorId, detail, at: sql`now(3)` })
}

/** A page of the timeline of an order, in the order of what happened. */
export async function listEvents(connection: Connection, page: PageOf): Promise<StoredEvent[]> {
  const { orderId, afterId, most } = page
  return connection
    .select()
    .from(orderEvents)
    .where(
      and(eq(orderEvents.orderId, orderId), afterId === undefined ? undefined : gt(orderEvents.id, afterId)),
    )
    .orderBy(asc(orderEvents.id))
    .limit(most)
}
