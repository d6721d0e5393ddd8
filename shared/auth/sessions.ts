import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'
import { DependencyUnavailable } from '../problem.ts'
import { onRedis, type RedisProof } from '../process/redis.ts'
import type { Session } from './admission.ts'

/*
 * Sessions live in Redis under the SHA-256 of the client's session key, so reading Redis is not enough to use one.
 * The user service makes and ends sessions. Every service reads them on every request, uncached, so an ended session
 * is refused everywhere at once.
 */

/** A session as it is stored. Times are milliseconds since 1970. */
export type StoredSession = {
  userId: string
  userType: 'BUYER' | 'SELLER'
  sessionId: string
  createdAt: number
  /** The absolute end, which using the session does not move. */
  expiresAt: number
  /** The time for which the session lives on unused. */
  idleSeconds: number
  /** The user's count of "end all sessions" when this session began. */
  epoch?: number | undefined
  /** Whether the user's e-mail address was verified when the user service last wrote this. */
  emailVerified?: boolean | undefined
}

/** The Redis commands that looking up a session needs, tried on a session that nobody has. */
export const SESSION_PROOFS: readonly RedisProof[] = [
  ['get', 'session:proof'],
  ['pexpire', 'session:proof', '1'],
  ['eval', 'return 1', '0'],
]

/**
 * KEYS: record. ARGV: now, in milliseconds. Answers the record and moves its idle expiry, unless its absolute end has come; a
 * record that is no session is answered as it is. Both in one script cost one journey, and nothing can end it in between.
 */
const USE = `
local text = redis.call('get', KEYS[1])
if not text then return nil end
local isRead, session = pcall(cjson.decode, text)
if isRead and type(session) == 'table' then
  local leftMs = (tonumber(session.expiresAt) or 0) - tonumber(ARGV[1])
  local idleMs = (tonumber(session.idleSeconds) or 0) * 1000
  if leftMs > 0 and idleMs > 0 then
    redis.call('pexpire', KEYS[1], string.format('%.0f', math.min(leftMs, idleMs)))
  end
end
return text`

/** The Redis key of the session that belongs to a session key. */
export function sessionRecordKey(token: string): string {
  return `session:${createHash('sha256').update(token).digest('hex')}`
}

/**
 * The session of a key, or undefined when there is none (any more). Using a session moves its idle expiry but never
 * its absolute one.
 *
 * @throws {DependencyUnavailable} when Redis cannot answer: nobody is let in on a guess.
 */
export async function findSession(redis: Redis, token: string): Promise<Session | undefined> {
  const key = sessionRecordKey(token)
  const now = Date.now()
  const text = await onRedis('EVAL use session', () => redis.eval(USE, 1, key, now))
  if (text === null) return undefined
  const stored = parseSession(String(text))
  const leftMs = stored.expiresAt - now
  if (leftMs <= 0) return undefined
  return {
    userId: stored.userId,
    userType: stored.userType,
    sessionId: stored.sessionId,
    createdAt: new Date(stored.createdAt),
    expiresAt: new Date(stored.expiresAt),
    epoch: stored.epoch,
    emailVerified: stored.emailVerified,
    token,
  }
}

/**
 * Reads a stored session.
 * @throws {DependencyUnavailable} when it is malformed, because then nothing in Redis can be relied on.
 */
export function parseSession(text: string): StoredSession {
  const { userId, userType, sessionId, createdAt, expiresAt, idleSeconds, ...rest } = membersOf(text)
  if (
    !userId ||
    !sessionId ||
    !createdAt ||
    !expiresAt ||
    !idleSeconds ||
    (userType !== 'BUYER' && userType !== 'SELLER')
  ) {
    throw new DependencyUnavailable('redis', { cause: new Error('a stored session is malformed') })
  }
  const { epoch, emailVerified } = rest
  return { userId, userType, sessionId, createdAt, expiresAt, idleSeconds, epoch, emailVerified }
}

function membersOf(text: string): Partial<StoredSession> {
  try {
    const stored: Partial<StoredSession> | null = JSON.parse(text)
    return stored ?? {}
  } catch (cause) {
    throw new DependencyUnavailable('redis', { cause })
  }
}
