import type { Transaction } from '@bazaar/shared/database/database'
import { and, asc, eq, sql } from 'drizzle-orm'
import { products, sellers } from '../tables.ts'

/** What is known of a seller here. */
export type Seller = typeof sellers.$inferSelect

/** The clocks of the services may differ by this much. */
const CLOCKS_DIFFER_SECONDS_MAX = 60

/** A seller, locked until the end of the transaction. One who has offered nothing yet is there from now on. */
export async function lockSeller(tx: Transaction, id: string): Promise<Seller> {
  // A row that is there is locked for changes at once, so two transactions never wait for each other to let go.
  await tx
    .insert(sellers)
    .values({ id })
    .onDuplicateKeyUpdate({ set: { id: sql`id` } })
  const [seller] = await tx.select().from(sellers).where(eq(sellers.id, id))
  if (!seller) throw new Error('a seller who was just stored is not there')
  return seller
}

/** Notes that nothing more may be offered in the sessions that a locked seller has now. */
export async function saveStopped(tx: Transaction, id: string): Promise<void> {
  const stoppedUntil = sql`now(3) + interval ${CLOCKS_DIFFER_SECONDS_MAX} second`
  await tx.update(sellers).set({ stoppedUntil }).where(eq(sellers.id, id))
}

/** The ids of a seller's products that are on the market, the oldest first. */
export async function listOnSale(
  tx: Transaction,
  { sellerId, most }: { sellerId: string; most: number },
): Promise<string[]> {
  const rows = await tx
    .select({ id: products.id })
    .from(products)
    .where(and(eq(products.sellerId, sellerId), eq(products.status, 'LISTED')))
    .orderBy(asc(products.id))
    .limit(most)
  return rows.map(({ id }) => id)
}
