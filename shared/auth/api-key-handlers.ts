import { eq, sql } from 'drizzle-orm'
import { type Database, inTransaction, read } from '../database/database.ts'
import { DomainError } from '../problem.ts'
import { type ApiKey, apiKeys, countValidKeys, listApiKeys, lockValidKeys, mintApiKey } from './api-keys.ts'

const LIFETIME_MAX_MS = 2 * 366 * 24 * 60 * 60 * 1000
const VALID_KEYS_MAX = 100

/** The environment in a key, which shows where the key belongs. */
const KEY_ENVIRONMENTS = { development: 'dev', test: 'test', production: 'prod' } as const

type Holder = { caller: string; scopes: string[] }
type KeyRequest = Holder & { expiresAt: string }

/**
 * The handlers of the operations in `api/api-keys.ts`, the same in every service that accepts keys. `scopes` are the
 * service's scopes; `environment` becomes part of the key, to show where the key belongs.
 */
export function apiKeyHandlers(options: {
  database: Database
  environment: keyof typeof KEY_ENVIRONMENTS
  scopes: readonly string[]
}) {
  const { database, environment, scopes } = options

  /**
   * Locks the valid keys, so that callers issuing keys at the same time count one after the other and keep to the
   * limit together.
   */
  async function issue(expiry: string, holderOf: (valid: ApiKey[]) => Holder) {
    const expiresAt = refuseExpiry(expiry)
    const { key, publicId, secretHash } = mintApiKey(KEY_ENVIRONMENTS[environment])
    return inTransaction(database, async (tx) => {
      const { caller, scopes } = holderOf(await lockValidKeys(tx))
      if ((await countValidKeys(tx)) >= VALID_KEYS_MAX)
        throw new DomainError('too-many-keys', `Revoke a key first: there are already ${VALID_KEYS_MAX}`)
      const stored = { publicId, secretHash, caller, scopes, createdAt: new Date(), expiresAt }
      await tx.insert(apiKeys).values(stored)
      return { ...shown({ ...stored, revokedAt: null, lastUsedAt: null }), key }
    })
  }

  return {
    issueApiKey: async ({ body }: { body: KeyRequest }) => {
      if (!body.scopes.every((scope) => scopes.includes(scope))) {
        throw new DomainError('unknown-scope', `The scopes of this service are ${scopes.join(', ')}`, {
          errors: [{ pointer: '/scopes', code: 'not-allowed' }],
        })
      }
      return issue(body.expiresAt, () => body)
    },

    listApiKeys: async () => ({ items: (await read(database, listApiKeys)).map(shown) }),

    rotateApiKey: async ({ params, body }: { params: { publicId: string }; body: { expiresAt: string } }) =>
      issue(body.expiresAt, (valid) => {
        const present = valid.find(({ publicId }) => publicId === params.publicId)
        if (!present) throw new DomainError('not-found', 'There is no such valid key')
        return present
      }),

    revokeApiKey: async ({ params }: { params: { publicId: string } }) => {
      await inTransaction(database, async (tx) => {
        const [found] = await tx
          .select()
          .from(apiKeys)
          .where(eq(apiKeys.publicId, params.publicId))
          .for('update')
        if (!found) throw new DomainError('not-found', 'There is no such key')
        if (found.revokedAt) return
        await tx.update(apiKeys).set({ revokedAt: sql`now(3)` }).where(eq(apiKeys.publicId, params.publicId))
      })
      return undefined
    },
  }
}

function refuseExpiry(text: string): Date {
  const expiresAt = new Date(text)
  const aheadMs = expiresAt.getTime() - Date.now()
  if (!(aheadMs > 0 && aheadMs <= LIFETIME_MAX_MS)) {
    throw new DomainError('expiry-out-of-range', 'Set the expiry within the next two years', {
      errors: [{ pointer: '/expiresAt', code: 'out-of-range' }],
    })
  }
  return expiresAt
}

function shown(key: ApiKey) {
  return {
    publicId: key.publicId,
    caller: key.caller,
    scopes: key.scopes,
    createdAt: key.createdAt.toISOString(),
    expiresAt: key.expiresAt.toISOString(),
    revokedAt: key.revokedAt?.toISOString() ?? null,
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
  }
}
