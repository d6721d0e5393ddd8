import { newId } from '@bazaar/shared/database/columns'
import type { Reader, Transaction } from '@bazaar/shared/database/database'
import { hasCome } from '@bazaar/shared/database/due'
import { and, asc, count, eq, gt, isNull, lte, sql } from 'drizzle-orm'
import { passwordResets, resetRequests } from '../tables.ts'

/** A permission to set a new password once. */
export type Reset = typeof passwordResets.$inferSelect

/** A permission that somebody began to use. `isOver`: it expired so long ago that nothing can be under way any more. */
export type BegunReset = Reset & { isOver: boolean }

/** How long a link works. */
export const RESET_MINUTES = 30
/** Longer than the setting of a new password takes; then the rest is done for its owner. */
const FIRST_LOOK_SECONDS = 10
/** The pause between two looks at a permission whose password is not stored. */
const NEXT_LOOK_SECONDS = 30
/** After this long past its end, nothing that began while a permission was valid can still happen. */
const OVER_SECONDS = 60

const now = sql`now(3)`

/** Keeps the question of somebody who forgot their password. Whether there is such a login is not looked at here. */
export async function insertRequest(tx: Transaction, login: string): Promise<void> {
  await tx.insert(resetRequests).values({ id: newId(), login, createdAt: now })
}

/** The oldest questions. */
export async function listRequests(connection: Reader, most: number) {
  return connection.select().from(resetRequests).orderBy(asc(resetRequests.id)).limit(most)
}

/** Takes a question away. False when somebody else did. */
export async function deleteRequest(tx: Transaction, id: string): Promise<boolean> {
  const [result] = await tx.delete(resetRequests).where(eq(resetRequests.id, id))
  return result.affectedRows === 1
}

/** The number of links of a user that still work. */
export async function countResets(tx: Transaction, userId: string): Promise<number> {
  const [row] = await tx
    .select({ living: count() })
    .from(passwordResets)
    .where(and(eq(passwordResets.userId, userId), gt(passwordResets.expiresAt, now)))
  return row?.living ?? 0
}

/** Stores a permission to set a new password. */
export async function insertReset(
  tx: Transaction,
  reset: { id: string; userId: string; tokenHash: Buffer; credentialVersion: number },
): Promise<void> {
  const expiresAt = sql`now(3) + interval ${RESET_MINUTES} minute`
  await tx.insert(passwordResets).values({ ...reset, createdAt: now, expiresAt })
}

/** The permission that a token opens, if it still does. */
export async function findReset(connection: Reader, tokenHash: Buffer): Promise<Reset | undefined> {
  const isOpen = and(eq(passwordResets.tokenHash, tokenHash), gt(passwordResets.expiresAt, now))
  const [found] = await connection.select().from(passwordResets).where(isOpen)
  return found
}

/** Notes that a new password is being set, so that what breaks off is finished. */
export async function saveBegun(tx: Transaction, id: string): Promise<void> {
  const dueAt = sql`now(3) + interval ${FIRST_LOOK_SECONDS} second`
  await tx.update(passwordResets).set({ dueAt }).where(eq(passwordResets.id, id))
}

/** Notes that the new password is not stored, or not yet. */
export async function saveLookedAt(tx: Transaction, id: string): Promise<void> {
  const dueAt = sql`now(3) + interval ${NEXT_LOOK_SECONDS} second`
  await tx.update(passwordResets).set({ dueAt }).where(eq(passwordResets.id, id))
}

/** Permissions that somebody began to use a while ago, those first that were not looked at for longest. */
export async function listBegun(connection: Reader, most: number): Promise<BegunReset[]> {
  const isOver = sql<number>`${passwordResets.expiresAt} <= now(3) - interval ${OVER_SECONDS} second`
  const found = await connection
    .select({ reset: passwordResets, isOver })
    .from(passwordResets)
    .where(hasCome(passwordResets.dueAt))
    .orderBy(asc(passwordResets.dueAt))
    .limit(most)
  return found.map(({ reset, isOver }) => ({ ...reset, isOver: isOver === 1 }))
}

/** Ends a permission. */
export async function deleteReset(tx: Transaction, id: string): Promise<void> {
  await tx.delete(passwordResets).where(eq(passwordResets.id, id))
}

/** Ends all permissions of a user: they have another password or another login. */
export async function deleteResetsOf(tx: Transaction, userId: string): Promise<void> {
  await tx.delete(passwordResets).where(eq(passwordResets.userId, userId))
}

/** Forgets permissions that nobody used in time. */
export async function deleteExpired(tx: Transaction, most: number): Promise<void> {
  const expired = and(lte(passwordResets.expiresAt, now), isNull(passwordResets.dueAt))
  await tx.delete(passwordResets).where(expired).limit(most)
}
