import type { Connection, Transaction } from '@bazaar/shared/database/database'
import { and, asc, eq, gt, sql } from 'drizzle-orm'
import { cancellations, refunds } from './tables.ts'

/** A cancellation as it is stored. */
export type StoredCancellation = typeof cancellations.$inferSelect
/** A refund as it is stored. */
export type StoredRefund = typeof refunds.$inferSelect

/** Where a page of what belongs to an order begins, and how much it holds. */
export type PageOf = { orderId: string; afterId?: string | undefined; most: number }

/** A page of the cancellations of an order, the oldest first. */
export async function listCancellations(connection: Connection, page: PageOf): Promise<StoredCancellation[]> {
  const { orderId, afterId, most } = page
  return connection
    .select()
    .from(cancellations)
    .where(
      and(
        eq(cancellations.orderId, orderId),
        afterId === undefined ? undefined : gt(cancellations.id, afterId),
      ),
    )
    .orderBy(asc(cancellations.id))
    .limit(most)
}

/** A page of the refunds of an order, in the order of their cancellations; `afterId` is that of a cancellation. */
export async function listRefunds(connection: Connection, page: PageOf): Promise<StoredRefund[]> {
  const { orderId, afterId, most } = page
  return connection
    .select()
    .from(refunds)
    .where(
      and(
        eq(refunds.orderId, orderId),
        afterId === undefined ? undefined : gt(refunds.cancellationId, afterId),
      ),
    )
    .orderBy(asc(refunds.cancellationId))
    .limit(most)
}

/** A cancellation of an order. */
export async function findCancellation(
  connection: Connection,
  { orderId, cancellationId }: { orderId: string; cancellationId: string },
): Promise<StoredCancellation | undefined> {
  const [found] = await connection
    .select()
    .from(cancellations)
    .where(and(eq(cancellations.id, cancellationId), eq(cancellations.orderId, orderId)))
  return found
}

/** The stock of a cancellation is back where it came from. */
export async function saveStockRestored(
  tx: Transaction,
  { orderId, cancellationId }: { orderId: string; cancellationId: string },
): Promise<void> {
  await tx
    .update(cancellations)
    .set({ stockRestoredAt: sql`now(3)` })
    .where(and(eq(cancellations.id, cancellationId), eq(cancellations.orderId, orderId)))
}
