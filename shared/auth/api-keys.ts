import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { and, count, desc, eq, gt, inArray, isNull, sql } from 'drizzle-orm'
import { char, mysqlTable, varchar } from 'drizzle-orm/mysql-core'
import { API_KEYS_LISTED_MAX } from '../api/api-keys.ts'
import { bytes, instant, jsonText } from '../database/columns.ts'
import {
  type Database,
  inTransaction,
  type Reader,
  read,
  repeatably,
  type Transaction,
} from '../database/database.ts'
import { gatherOn } from '../process/gather.ts'
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

/** At most this many keys are looked up by one statement. */
const LOOKED_UP_MAX = 64
const WAITING_MAX = 1_024

/**
 * The holder of the key, or undefined when it is unknown, wrong, expired or revoked (all of which look alike). Every
 * call asks the database, so all instances refuse a revoked key at once; calls that come together ask it together.
 * Expiry goes by the database's clock.
 */
export async function findKeyHolder(database: Database, key: string): Promise<KeyHolder | undefined> {
  const parsed = parseApiKey(key)
  if (!parsed) return undefined
  const stored = await findTogether(database, parsed.publicId)
  const matches = timingSafeEqual(stored?.secretHash ?? NO_HASH, parsed.secretHash)
  if (!matches || !stored) return undefined
  if (stored.isStale) await noteUse(database, parsed.publicId)
  return { caller: stored.caller, publicId: parsed.publicId, scopes: stored.scopes }
}

/** A valid key as it is stored, and whether it is a while since its use was noted. */
type ValidKey = Pick<ApiKey, 'publicId' | 'secretHash' | 'caller' | 'scopes'> & { isStale: boolean }

const findTogether = gatherOn(
  (database: Database, publicIds: string[]) =>
    read(database, async (connection) => {
      const found = await findValid(connection, [...new Set(publicIds)])
      return publicIds.map((publicId) => found.find((one) => one.publicId === publicId))
    }),
  { of: 'database', batchMax: LOOKED_UP_MAX, waitingMax: WAITING_MAX, atOnce: 2 },
)

async function findValid(connection: Reader, publicIds: string[]): Promise<ValidKey[]> {
  const { publicId, secretHash, caller, scopes } = apiKeys
  // The join with a row that always exists makes an unknown key as much work as one with a wrong secret.
  const found = await connection
    .select({
      stored: { publicId, secretHash, caller, scopes },
      isStale: sql`last_used_at is null or last_used_at < now(3) - interval 1 minute`.mapWith(Boolean),
    })
    .from(sql`(select 1) as one`)
    .leftJoin(apiKeys, and(inArray(publicId, publicIds), isValid))
  return found.flatMap(({ stored, isStale }) => (stored ? [{ ...stored, isStale }] : []))
}

async function noteUse(database: Database, publicId: string): Promise<void> {
  await repeatably(database, (connection) =>
    connection.update(apiKeys).set({ lastUsedAt: sql`now(3)` }).where(eq(apiKeys.publicId, publicId)),
  )
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
