import type { Session } from '@bazaar/shared/auth/admission'
import { inTransaction } from '@bazaar/shared/database/database'
import type { Redis } from 'ioredis'
import { isEndedBy, type LastEnding, saveSessionsEpoch } from '../accounts/user-store.ts'
import type { Deps } from '../deps.ts'
import { notFound } from '../errors.ts'
import { endOwnSession, endSession, endSessions, listSessions } from './session-store.ts'

/**
 * Ends one session of a user. Returns only when it is refused everywhere.
 * @throws {DomainError} not-found when he has no such session.
 */
export async function endOneSession(
  deps: Deps,
  request: { userId: string; sessionId: string },
): Promise<void> {
  if (!(await endSession(deps.redis, request))) throw notFound('session')
}

/**
 * Ends all sessions of a user, those of log-ins under way too, but for one if it is given. The epoch comes
 * first: a log-in that does not see it has made its session by then, and that is ended with the others.
 */
export async function logOutEverywhere(
  deps: Deps,
  request: { userId: string; exceptId?: string },
): Promise<void> {
  await inTransaction(deps.database, (tx) => saveSessionsEpoch(tx, request))
  await endSessions(deps.redis, request)
}

/**
 * Ends in Redis what was ended with all sessions of a user and is still there, because Redis failed at that moment or
 * has brought it back: the other services believe Redis. Whoever logged in since stays logged in.
 *
 * @throws {DependencyUnavailable} when Redis has not confirmed it: then nobody is to be told that it is done.
 */
export async function finishEnding(redis: Redis, session: Session, ending: LastEnding): Promise<void> {
  await endInRedis(redis, session.userId, ending)
  await endOwnSession(redis, session)
}

/**
 * Ends in Redis the sessions of a user that his last ending has ended already for this service.
 * @throws {DependencyUnavailable} when Redis has not confirmed it.
 */
export async function endInRedis(redis: Redis, userId: string, ending: LastEnding): Promise<void> {
  for (const one of await listSessions(redis, userId))
    if (isEndedBy(ending, one)) await endSession(redis, { userId, sessionId: one.sessionId })
}
