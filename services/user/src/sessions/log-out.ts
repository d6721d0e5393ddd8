import type { Session } from '@bazaar/shared/auth/admission'
import { inTransaction } from '@bazaar/shared/database/database'
import type { Redis } from 'ioredis'
import { isEndedBy, type LastEnding, saveSessionsEpoch } from '../accounts/user-store.ts'
import type { Deps } from '../deps.ts'
import { notFound } from '../errors.ts'
import { endOwnSession, endSession, endSessions, listSessions } from './session-store.ts'

/**
 * Ends one session of a user. Returns only when it is refused everywhere.
 * @throws {DomainError} not-found when the user has no such session.
 */
export async function endOneSession(
  deps: Deps,
  request: { userId: string; sessionId: string },
): Promise<void> {
  if (!(await endSession(deps.redis, request))) throw notFound('session')
}

/**
 * Ends all sessions of a user, including those of log-ins under way, except one if it is given. The epoch comes
 * first: a log-in that does not see it has already made its session, which is then ended with the others.
 */
export async function logOutEverywhere(
  deps: Deps,
  request: { userId: string; exceptId?: string },
): Promise<void> {
  await inTransaction(deps.database, (tx) => saveSessionsEpoch(tx, request))
  await endSessions(deps.redis, request)
}

/**
 * Ends sessions in Redis that were ended in the database but are still there, because Redis failed at that moment or
 * has brought them back: the other services trust Redis. Sessions begun since then live on.
 *
 * @throws {DependencyUnavailable} when Redis has not confirmed it: then nobody may be told that it is done.
 */
export async function finishEnding(redis: Redis, session: Session, ending: LastEnding): Promise<void> {
  await endInRedis(redis, session.userId, ending)
  await endOwnSession(redis, session)
}

/**
 * Ends those sessions of a user in Redis that this service already counts as ended.
 * @throws {DependencyUnavailable} when Redis has not confirmed it.
 */
export async function endInRedis(redis: Redis, userId: string, ending: LastEnding): Promise<void> {
  for (const one of await listSessions(redis, userId))
    if (isEndedBy(ending, one)) await endSession(redis, { userId, sessionId: one.sessionId })
}
