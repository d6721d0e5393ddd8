import { newIdAfter } from '@bazaar/shared/database/columns'
import type { Reader, Transaction } from '@bazaar/shared/database/database'
import { and, asc, desc, eq, gt, sql } from 'drizzle-orm'
import type { PageOf } from '../cancelling/cancellation-store.ts'
import { orderEvents } from '../tables.ts'

/** An event of the timeline as it is stored. */
export type StoredEvent = typeof orderEvents.$inferSelect

/** An event of an order, and the person or service that caused it. */
export type TimelineEntry = {
  type: string
  actor: 'BUYER' | 'SELLER' | 'SYSTEM'
  actorId?: string
  detail?: Record<string, string | number>
}

/**
 * What is added to the timeline of an order, which is locked or new. `last` is the id of the timeline's latest entry,
 * null when it is empty; without it the database is asked.
 */
export type Addition = {
  orderId: string
  entries: readonly TimelineEntry[]
  last?: string | null | undefined
}

/** Appends to the timeline of an order. Returns the id of the entry that is the latest then. */
export async function insertEvents(
  tx: Transaction,
  orderId: string,
  entries: readonly TimelineEntry[],
  last?: string | null,
): Promise<string | null> {
  const [lastId = null] = await insertEventsOfMany(tx, [{ orderId, entries, last }])
  return lastId
}

/** Appends to the timelines of several orders. Returns the id of the latest entry of each, in their order. */
export async function insertEventsOfMany(
  tx: Transaction,
  additions: readonly Addition[],
): Promise<(string | null)[]> {
  const rows = []
  const lastIds: (string | null)[] = []
  const added = new Map<string, string | null>()
  for (const { orderId, entries, last } of additions) {
    let id = added.get(orderId) ?? (last === undefined ? await findLastEvent(tx, orderId) : last)
    for (const { type, actor, actorId = null, detail = {} } of entries) {
      id = newIdAfter(id ?? undefined)
      rows.push({ orderId, id, type, actor, actorId, detail, at: sql`now(3)` })
    }
    added.set(orderId, id)
    lastIds.push(id)
  }
  await tx.insert(orderEvents).values(rows)
  return lastIds
}

async function findLastEvent(tx: Transaction, orderId: string): Promise<string | null> {
  const [last] = await tx
    .select({ id: orderEvents.id })
    .from(orderEvents)
    .where(eq(orderEvents.orderId, orderId))
    .orderBy(desc(orderEvents.id))
    .limit(1)
  return last?.id ?? null
}

/** A page of the timeline of an order, in the order of events. */
export async function listEvents(connection: Reader, page: PageOf): Promise<StoredEvent[]> {
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
