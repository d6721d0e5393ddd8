import type { Reader, Transaction } from '@bazaar/shared/database/database'
import { and, asc, eq, gt, isNull, sql } from 'drizzle-orm'
import { cancellations, refunds } from '../tables.ts'

/** A cancellation as it is stored. */
export type StoredCancellation = typeof cancellations.$inferSelect
/** A refund as it is stored. */
export type StoredRefund = typeof refunds.$inferSelect

/** The place where a page of an order's entries begins, and its size. */
export type PageOf = { orderId: string; afterId?: string | undefined; most: number }

/** A page of the cancellations of an order, the oldest first. */
export async function listCancellations(connection: Reader, page: PageOf): Promise<StoredCancellation[]> {
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
export async function listRefunds(connection: Reader, page: PageOf): Promise<StoredRefund[]> {
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

/** Stores a new cancellation of a locked order. */
export async function insertCancellationRow(
  tx: Transaction,
  cancellation: StoredCancellation,
): Promise<void> {
  await tx.insert(cancellations).values(cancellation)
}

/** Whether an order has this cancellation. */
export async function isCancellation(
  connection: Reader,
  { orderId, cancellationId }: { orderId: string; cancellationId: string },
): Promise<boolean> {
  const found = await connection
    .select({ id: cancellations.id })
    .from(cancellations)
    .where(and(eq(cancellations.id, cancellationId), eq(cancellations.orderId, orderId)))
  return found.length > 0
}

/**
 * Notes that the stock of a cancellation is back. False when that was already known, or there is no such
 * cancellation.
 */
export async function saveStockRestored(
  tx: Transaction,
  { orderId, cancellationId }: { orderId: string; cancellationId: string },
): Promise<boolean> {
  const [changed] = await tx
    .update(cancellations)
    .set({ stockRestoredAt: sql`now(3)` })
    .where(
      and(
        eq(cancellations.id, cancellationId),
        eq(cancellations.orderId, orderId),
        isNull(cancellations.stockRestoredAt),
      ),
    )
  return changed.affectedRows === 1
}
