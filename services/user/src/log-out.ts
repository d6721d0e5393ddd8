import { inTransaction } from '@bazaar/shared/database'
import type { Deps } from './deps.ts'
import { notFound } from './errors.ts'
import { endSession, endSessions } from './session-store.ts'
import { saveSessionsEpoch } from './user-store.ts'

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
