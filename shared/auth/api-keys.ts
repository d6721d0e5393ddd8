import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { and, count, desc, eq, gt, isNull, sql } from 'drizzle-orm'
import { char, mysqlTable, varchar } from 'drizzle-orm/mysql-core'
import { API_KEYS_LISTED_MAX } from '../api/api-keys.ts'
import { bytes, instant, jsonText } from '../database/columns.ts'
import {
  type Connection,
  type Database,
  inTransaction,
  read,
  type Transaction,
} from '../database/database.ts'
import type { KeyHolder } from './admission.ts'

/** The API keys that a service accepts: of a key only its public id and the SHA-256 of its secret are kept. */
export const apiKeys = mysqlTable('api_keys', {
  publicId: char('public_id', { length: 16 }).primaryKey(),
  secretHash: bytes('secret_hash', { length: 32 }).notNull(),
  caller: varchar('caller', { length: 64 }).notNull(),
  scopes: jsonText<string[]>('scopes').notNull(),
  createdAt: instant('created_at').notNull(),
  expiresAt: instant('expires_at').notNull(),
  revokedAt: instant('revoked_at'),
  lastUsedAt: instant('last_used_at'),
})

/** Neither revoked nor expired, by the clock of the database. */
const isValid = and(isNull(apiKeys.revokedAt), gt(apiKeys.expiresAt, sql`now(3)`))

/** A stored API key. */
export type ApiKey = typeof apiKeys.$inferSelect

const KEY = /^bzk_[a-z]+_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/

/** The parts of an API key, or undefined when the text is not one. */
export function parseApiKey(key: string): { publicId: string; secretHash: Buffer } | undefined {
  const [, publicId, secret] = KEY.exec(key) ?? []
  if (!publicId || !secret) return undefined
  return { publicId, secretHash: createHash('sha256').update(secret).digest() }
}

/** Makes a new API key with 256 random bits: `bzk_<environment>_<public id>_<secret>`. */
export function mintApiKey(environment: string): { key: string; publicId: string; secretHash: Buffer } {
  const publicId = randomBytes(8).toString('hex')
  const secret = randomBytes(32).toString('base64url')
  const secretHash = createHash('sha256').update(secret).digest()
  return { key: `bzk_${environment}_${publicId}_${secret}`, publicId, secretHash }
}

const NO_HASH = Buffer.alloc(32)

/**
 * Who holds the key, or undefined when it is unknown, wrong, expired or revoked (all of which look alike). It
 * asks the database each time, so a revoked key is refused at once by every instance. Expiry goes by the
 * database's clock.
 */
export async function findKeyHolder(database: Database, key: string): Promise<KeyHolder | undefined> {
  const parsed = parseApiKey(key)
  if (!parsed) return undefined
  return read(database, async (connection) => {
    // Joined to one row that is always there, so that a key nobody has is the same work as one with a wrong secret.
    const [stored] = await connection
      .select({
        secretHash: apiKeys.secretHash,
        caller: apiKeys.caller,
        scopes: apiKeys.scopes,
        stale: sql<number>`last_used_at is null or last_used_at < now(3) - interval 1 minute`,
      })
      .from(sql`(select 1) as one`)
      .leftJoin(apiKeys, and(eq(apiKeys.publicId, parsed.publicId), isValid))
    const matches = timingSafeEqual(stored?.secretHash ?? NO_HASH, parsed.secretHash)
    if (!matches || !stored?.caller || !stored.scopes) return undefined
    if (stored.stale) {
      await connection
        .update(apiKeys)
        .set({ lastUsedAt: sql`now(3)` })
        .where(eq(apiKeys.publicId, parsed.publicId))
    }
    return { caller: stored.caller, publicId: parsed.publicId, scopes: stored.scopes }
  })
}

/**
 * Makes sure that the key given by the operator at the start is accepted, so that the first keys can be issued
 * with it. Its only scope is `keys:manage`; one that was revoked stays revoked.
 */
export async function ensureBootstrapKey(database: Database, key: string): Promise<void> {
  await ensureApiKey(database, { key, caller: 'operator', scopes: ['keys:manage'] })
}

/** Makes sure that a key which was made elsewhere is accepted for two years; one that was revoked stays revoked. */
export async function ensureApiKey(
  database: Database,
  { key, caller, scopes }: { key: string; caller: string; scopes: string[] },
): Promise<void> {
  const parsed = parseApiKey(key)
  if (!parsed) throw new Error(`Cannot accept the key of ${caller}: it is not an API key`)
  await inTransaction(database, async (tx) => {
    await tx
      .insert(apiKeys)
      .ignore()
      .values({
        ...parsed,
        caller,
        scopes,
        createdAt: sql`now(3)`,
        expiresAt: sql`now(3) + interval 2 year`,
      })
  })
}

/** The keys that are accepted at present, held until the end of the transaction. */
export async function lockValidKeys(tx: Transaction): Promise<ApiKey[]> {
  return tx.select().from(apiKeys).where(isValid).orderBy(apiKeys.publicId).for('update')
}

/** How many keys are accepted at present. */
export async function countValidKeys(tx: Transaction): Promise<number> {
  const [valid] = await tx.select({ keys: count() }).from(apiKeys).where(isValid)
  return valid?.keys ?? 0
}

/** The keys that are accepted at present, then as many of the others as are listed; of each the newest first. */
export async function listApiKeys(connection: Connection): Promise<ApiKey[]> {
  return connection
    .select()
    .from(apiKeys)
    .orderBy(desc(sql`${isValid}`), desc(apiKeys.createdAt), apiKeys.publicId)
    .limit(API_KEYS_LISTED_MAX)
}
