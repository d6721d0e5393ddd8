import { randomBytes } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { UserType } from '../api/operation.ts'
import { type StoredSession, sessionRecordKey } from '../auth/sessions.ts'
import { newId } from '../database/columns.ts'

/**
 * A session as a log-in makes it, for the tests of services that only read sessions. Returns the value for the header
 * `SESSION`.
 */
export async function putSession(
  redis: Redis,
  user: { userId?: string; userType: UserType; emailVerified?: boolean },
): Promise<{ session: string; userId: string }> {
  const { userId = newId(), userType, emailVerified } = user
  const session = randomBytes(32).toString('base64url')
  const createdAt = Date.now()
  const stored: StoredSession = {
    userId,
    userType,
    sessionId: newId(),
    createdAt,
    expiresAt: createdAt + 3_600_000,
    idleSeconds: 1_800,
    emailVerified,
  }
  await redis.set(sessionRecordKey(session), JSON.stringify(stored), 'PX', 600_000)
  return { session, userId }
}

/** An API key with the given scopes, issued by a running service that was started with `bootstrapKey`. */
export async function issueKey(
  service: { url: string },
  options: { bootstrapKey: string; caller: string; scopes: string[] },
): Promise<string> {
  const { bootstrapKey, caller, scopes } = options
  const answer = await fetch(`${service.url}/api-keys`, {
    method: 'POST',
    headers: { 'x-api-key': bootstrapKey, 'content-type': 'application/json' },
    body: JSON.stringify({ caller, scopes, expiresAt: new Date(Date.now() + 86_400_000).toISOString() }),
  })
  const body: { key?: unknown } = await answer.json()
  if (typeof body.key !== 'string') throw new Error(`Cannot issue a key: the answer was ${answer.status}`)
  return body.key
}
