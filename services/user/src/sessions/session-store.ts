import { randomBytes } from 'node:crypto'
import type { UserType } from '@bazaar/shared/api/operation'
import { parseSession, type StoredSession, sessionRecordKey } from '@bazaar/shared/auth/sessions'
import { newId } from '@bazaar/shared/database/columns'
import { DependencyUnavailable } from '@bazaar/shared/problem'
import { onRedis } from '@bazaar/shared/process/redis'
import type { Redis } from 'ioredis'
import type { SessionLife } from '../config.ts'
import { ADD, END, MARK } from './session-scripts.ts'

/*
 * Sessions in Redis: a record for each, which every service reads (see @bazaar/shared/sessions), and for each user an
 * index of their records, which only this service knows. Both change in one script, so that every record can be found
 * and ended. A member of the index is `<session id>:<SHA-256 of the key>`, and its score is the time of the log-in.
 */

/** More than anybody has devices; the next log-in ends the oldest session. */
const SESSIONS_PER_USER_MAX = 20

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
  user: { id: string; type: UserType; sessionsEpoch: number; emailVerifiedAt: Date | null },
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
    emailVerified: user.emailVerifiedAt !== null,
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

/**
 * Notes in all sessions of a user whether their e-mail address is verified, which other services read there.
 * @throws {DependencyUnavailable} when Redis has not confirmed it.
 */
export async function markSessions(
  redis: Redis,
  { id, emailVerifiedAt }: { id: string; emailVerifiedAt: Date | null },
): Promise<void> {
  const isVerified = emailVerifiedAt === null ? 'no' : 'yes'
  await onRedis('EVAL mark sessions', () => redis.eval(MARK, 1, indexKey(id), isVerified))
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
