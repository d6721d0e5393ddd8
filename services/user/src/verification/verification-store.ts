import type { Reader, Transaction } from '@bazaar/shared/database/database'
import { and, count, eq, gt, lte, sql } from 'drizzle-orm'
import { emailVerifications, users } from '../tables.ts'

/** A link that shows that an e-mail address is its owner's. */
export type Verification = typeof emailVerifications.$inferSelect

/** How long a link works. */
export const VERIFICATION_MINUTES = 60

const now = sql`now(3)`

/** The number of links of a user that still work. */
export async function countVerifications(tx: Transaction, userId: string): Promise<number> {
  const isOpen = and(eq(emailVerifications.userId, userId), gt(emailVerifications.expiresAt, now))
  const [row] = await tx.select({ open: count() }).from(emailVerifications).where(isOpen)
  return row?.open ?? 0
}

/** Stores a link. */
export async function insertVerification(
  tx: Transaction,
  verification: { id: string; userId: string; tokenHash: Buffer },
): Promise<void> {
  const expiresAt = sql`now(3) + interval ${VERIFICATION_MINUTES} minute`
  await tx.insert(emailVerifications).values({ ...verification, createdAt: now, expiresAt })
}

/** The link that a token is of, if it still works. */
export async function findVerification(
  connection: Reader,
  tokenHash: Buffer,
): Promise<Verification | undefined> {
  const isOpen = and(eq(emailVerifications.tokenHash, tokenHash), gt(emailVerifications.expiresAt, now))
  const [found] = await connection.select().from(emailVerifications).where(isOpen)
  return found
}

/** Notes that the e-mail address of a user is theirs. */
export async function saveVerified(tx: Transaction, userId: string): Promise<void> {
  const changes = { emailVerifiedAt: now, version: sql`${users.version} + 1`, changedAt: now }
  await tx.update(users).set(changes).where(eq(users.id, userId))
}

/** Ends all links of a user: their address is verified, or another one. */
export async function deleteVerificationsOf(tx: Transaction, userId: string): Promise<void> {
  await tx.delete(emailVerifications).where(eq(emailVerifications.userId, userId))
}

/** Forgets links that nobody used in time. */
export async function deleteExpiredVerifications(tx: Transaction, most: number): Promise<void> {
  await tx.delete(emailVerifications).where(lte(emailVerifications.expiresAt, now)).limit(most)
}
