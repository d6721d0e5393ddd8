import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { and, count, desc, eq, gt, isNull, sql } from 'drizzle-orm'
import { char, mysqlTable, varchar } from 'drizzle-orm/mysql-core'
import { API_KEYS_LISTED_MAX } from '../api/api-keys.ts'
import { bytes, instant, jsonText } from '../database/columns.ts'
import {
  type Database,
  inTransaction,
  type Reader,
  repeatably,
  type Transaction,
} from '../database/database.ts'
import type { KeyHolder } from './admission.ts'

/** The API keys that a service accepts. Only the public id of a key and the SHA-256 of its secret are stored. */
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

/** Neither revoked nor expired, by the database's clock. */
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
 * The holder of the key, or undefined when it is unknown, wrong, expired or revoked (all of which look alike). Every
 * call asks the database, so all instances refuse a revoked key at once. Expiry goes by the database's clock.
 */
export async function findKeyHolder(database: Database, key: string): Promise<KeyHolder | undefined> {
  const parsed = parseApiKey(key)
  if (!parsed) return undefined
  return repeatably(database, async (connection) => {
    // The join with a row that always exists makes an unknown key as much work as one with a wrong secret.
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
 * Makes the service accept the key that the operator configured, so that the first keys can be issued with it. Its
 * only scope is `keys:manage`. If it was revoked, it stays revoked.
 */
export async function ensureBootstrapKey(database: Database, key: string): Promise<void> {
  await ensureApiKey(database, { key, caller: 'operator', scopes: ['keys:manage'] })
}

/** Makes the service accept a key that was made elsewhere, for two years. If it was revoked, it stays revoked. */
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

/** The keys that are valid now, locked until the end of the transaction. */
export async function lockValidKeys(tx: Transaction): Promise<ApiKey[]> {
  return tx.select().from(apiKeys).where(isValid).orderBy(apiKeys.publicId).for('update')
}

/** The number of keys that are valid now. */
export async function countValidKeys(tx: Transaction): Promise<number> {
  const [valid] = await tx.select({ keys: count() }).from(apiKeys).where(isValid)
  return valid?.keys ?? 0
}

/** All valid keys, then as many of the others as may be listed; both newest first. */
export async function listApiKeys(connection: Reader): Promise<ApiKey[]> {
  return connection
    .select()
    .from(apiKeys)
    .orderBy(desc(sql`${isValid}`), desc(apiKeys.createdAt), apiKeys.publicId)
    .limit(API_KEYS_LISTED_MAX)
}
