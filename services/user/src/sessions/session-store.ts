import { randomBytes } from 'node:crypto'
import type { UserType } from '@bazaar/shared/api/operation'
import { parseSession, type StoredSession, sessionRecordKey } from '@bazaar/shared/auth/sessions'
import { newId } from '@bazaar/shared/database/columns'
import { DependencyUnavailable } from '@bazaar/shared/problem'
import { onRedis, type RedisProof } from '@bazaar/shared/process/redis'
import type { Redis } from 'ioredis'
import type { SessionLife } from '../config.ts'

/*
 * Sessions in Redis: a record for each, which every service reads (see @bazaar/shared/sessions), and for each user an
 * index of their records, which only this service knows. Both change in one script, so that every record can be found
 * and ended. A member of the index is `<session id>:<SHA-256 of the key>`, and its score is the time of the log-in.
 */

/** More than anybody has devices; the next log-in ends the oldest session. */
const SESSIONS_PER_USER_MAX = 20

/** KEYS: record, index. ARGV: session, milliseconds idle, member, now, milliseconds at most, sessions at most. */
const ADD = `
for _, member in ipairs(redis.call('zrange', KEYS[2], 0, -1)) do
  if redis.call('exists', 'session:' .. string.match(member, ':(.+)$')) == 0 then
    redis.call('zrem', KEYS[2], member)
  end
end
redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('zadd', KEYS[2], ARGV[4], ARGV[3])
redis.call('pexpire', KEYS[2], math.max(redis.call('pttl', KEYS[2]), tonumber(ARGV[5])))
while redis.call('zcard', KEYS[2]) > tonumber(ARGV[6]) do
  local oldest = redis.call('zpopmin', KEYS[2])[1]
  redis.call('del', 'session:' .. string.match(oldest, ':(.+)$'))
end
return 1`

/**
 * KEYS: index, records. ARGV: `only` or `except`, session id. Returns the number of sessions that were to be ended.
 */
const END = `
local ended = 0
for number = 2, #KEYS do
  ended = ended + redis.call('del', KEYS[number])
end
for _, member in ipairs(redis.call('zrange', KEYS[1], 0, -1)) do
  local id, hash = string.match(member, '^([^:]+):(.+)$')
  if (id == ARGV[2]) == (ARGV[1] == 'only') then
    ended = ended + redis.call('del', 'session:' .. hash)
    redis.call('zrem', KEYS[1], member)
  end
end
return ended`

/**
 * The Redis commands for keeping sessions and counting attempts, beyond looking sessions up, on keys that nobody has.
 */
export const STORE_PROOFS: readonly RedisProof[] = [
  ['set', 'session:proof', '', 'PX', '1'],
  ['exists', 'session:proof'],
  ['mget', 'session:proof'],
  ['del', 'session:proof'],
  ['zadd', 'sessions:proof', '0', 'proof'],
  ['zrange', 'sessions:proof', '0', '-1'],
  ['zrem', 'sessions:proof', 'proof'],
  ['zcard', 'sessions:proof'],
  ['zpopmin', 'sessions:proof'],
  ['zscore', 'attempts:proof', 'proof'],
  ['zremrangebyrank', 'attempts:proof', '0', '-1'],
  ['hincrby', 'attempts:proof:count', 'tried', '0'],
  ['hset', 'attempts:proof:count', 'until', '0'],
  ['hget', 'attempts:proof:count', 'until'],
  ['hdel', 'attempts:proof:count', 'tried', 'until'],
  ['time'],
]

/** A session that was just begun. `token` is its session key, which is stored nowhere. */
export type NewSession = StoredSession & { token: string }

/** A new session key: 256 random bits, in 43 characters that need no quoting anywhere. */
export function newSessionToken(): string {
  return randomBytes(32).toString('base64url')
}

/**
 * Begins a session with a new key.
 * @throws {DependencyUnavailable} when Redis has not confirmed it.
 */
export async function insertSession(
  redis: Redis,
  user: { id: string; type: UserType; sessionsEpoch: number },
  life: SessionLife,
): Promise<NewSession> {
  const token = newSessionToken()
  const createdAt = Date.now()
  const session: StoredSession = {
    userId: user.id,
    userType: user.type,
    sessionId: newId(),
    createdAt,
    expiresAt: createdAt + life.absoluteSeconds * 1_000,
    idleSeconds: life.idleSeconds,
    epoch: user.sessionsEpoch,
  }
  const record = sessionRecordKey(token)
  const absoluteMs = life.absoluteSeconds * 1_000
  const idleMs = Math.min(life.idleSeconds * 1_000, absoluteMs)
  const member = `${session.sessionId}:${record.slice('session:'.length)}`
  const text = JSON.stringify(session)
  await onRedis('EVAL add session', () =>
    redis.eval(
      ADD,
      2,
      record,
      indexKey(user.id),
      text,
      idleMs,
      member,
      createdAt,
      absoluteMs,
      SESSIONS_PER_USER_MAX,
    ),
  )
  return { ...session, token }
}

/** The living sessions of a user, the newest first. */
export async function listSessions(redis: Redis, userId: string): Promise<StoredSession[]> {
  const members = await onRedis('ZRANGE sessions of user', () => redis.zrange(indexKey(userId), 0, '-1'))
  if (members.length === 0) return []
  const records = members.map((member) => `session:${member.split(':')[1]}`)
  const texts = await onRedis('MGET sessions', () => redis.mget(records))
  return texts
    .flatMap((text) => (text === null ? [] : [parseSession(text)]))
    .filter((session) => session.expiresAt > Date.now())
    .reverse()
}

/**
 * Ends the session that a key belongs to, whatever the index says.
 * @throws {DependencyUnavailable} when Redis has not confirmed it.
 */
export async function endOwnSession(
  redis: Redis,
  session: { userId: string; sessionId: string; token: string },
): Promise<void> {
  const { userId, sessionId, token } = session
  await end(redis, { userId, which: 'only', sessionId, records: [sessionRecordKey(token)] })
}

/**
 * Ends one session of a user. False when they have no such session.
 * @throws {DependencyUnavailable} when Redis has not confirmed it.
 */
export async function endSession(
  redis: Redis,
  session: { userId: string; sessionId: string },
): Promise<boolean> {
  return (await end(redis, { ...session, which: 'only' })) > 0
}

/**
 * Ends all sessions of a user, except one if it is given.
 * @throws {DependencyUnavailable} when Redis has not confirmed it.
 */
export async function endSessions(
  redis: Redis,
  sessions: { userId: string; exceptId?: string | undefined },
): Promise<void> {
  await end(redis, { userId: sessions.userId, which: 'except', sessionId: sessions.exceptId ?? 'none' })
}

type End = { userId: string; which: 'only' | 'except'; sessionId: string; records?: string[] }

async function end(redis: Redis, { userId, which, sessionId, records = [] }: End): Promise<number> {
  const keys = [indexKey(userId), ...records]
  const ended = await onRedis('EVAL end sessions', () =>
    redis.eval(END, keys.length, ...keys, which, sessionId),
  )
  if (typeof ended !== 'number') throw new DependencyUnavailable('redis')
  return ended
}

function indexKey(userId: string): string {
  return `sessions:${userId}`
}
