import type { Connection, Reader, Transaction } from '@bazaar/shared/database/database'
import { and, eq, sql } from 'drizzle-orm'
import { credentials } from './tables.ts'

/** A stored credential. */
export type Credential = typeof credentials.$inferSelect

/** The credential of a user, if they have one. */
export async function findCredential(connection: Reader, userId: string): Promise<Credential | undefined> {
  const [found] = await connection.select().from(credentials).where(eq(credentials.userId, userId))
  return found
}

/** The credential of a user, locked until the end of the transaction. */
export async function lockCredential(tx: Transaction, userId: string): Promise<Credential | undefined> {
  const [found] = await tx.select().from(credentials).where(eq(credentials.userId, userId)).for('update')
  return found
}

/** Stores the first credential of a user. False when they already have one. */
export async function insertCredential(
  tx: Transaction,
  userId: string,
  passwordHash: string,
): Promise<boolean> {
  const now = sql`now(3)`
  const [result] = await tx
    .insert(credentials)
    .ignore()
    .values({ userId, passwordHash, version: 1, createdAt: now, changedAt: now })
  return result.affectedRows === 1
}

/** Replaces the hash with one of another password. */
export async function savePassword(tx: Transaction, userId: string, passwordHash: string): Promise<void> {
  await tx
    .update(credentials)
    .set({ passwordHash, version: sql`${credentials.version} + 1`, changedAt: sql`now(3)` })
    .where(eq(credentials.userId, userId))
}

/** Replaces the hash with another hash of the same password, unless the password was changed in the meantime. */
export async function saveRehash(
  connection: Connection,
  credential: Credential,
  passwordHash: string,
): Promise<void> {
  await connection
    .update(credentials)
    .set({ passwordHash })
    .where(and(eq(credentials.userId, credential.userId), eq(credentials.version, credential.version)))
}

/** Forgets the credential of a user, if they have one. */
export async function deleteCredential(tx: Transaction, userId: string): Promise<void> {
  await tx.delete(credentials).where(eq(credentials.userId, userId))
}
