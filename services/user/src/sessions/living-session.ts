import type { Session } from '@bazaar/shared/auth/admission'
import { findSession } from '@bazaar/shared/auth/sessions'
import { DependencyUnavailable } from '@bazaar/shared/problem'
import { isEndedBy, lastEndingOf, readUser, type User } from '../accounts/user-store.ts'
import type { Deps } from '../deps.ts'
import { finishEnding } from './log-out.ts'
import { markSessions } from './session-store.ts'

/** The users as the check of their sessions found them, each for as long as the request with that session lasts. */
const checked = new WeakMap<Session, User>()

/**
 * The session of a key, unless it was ended but Redis still has it, or has it again. Without MySQL, Redis alone
 * identifies users: they can then only log out and list their sessions.
 */
export async function findLivingSession(deps: Deps, token: string): Promise<Session | undefined> {
  const session = await findSession(deps.redis, token)
  if (!session) return undefined
  const user = await readUser(deps.database, session.userId).catch((error: unknown) => {
    if (error instanceof DependencyUnavailable) return undefined
    throw error
  })
  if (!user) return session
  const ending = lastEndingOf(user)
  if (isEndedBy(ending, session)) {
    await finishEnding(deps.redis, session, ending)
    return undefined
  }
  // The note is missing in a session that is older than it is, and where a verification broke off.
  if (session.emailVerified !== (user.emailVerifiedAt !== null)) await markSessions(deps.redis, user)
  checked.set(session, user)
  return session
}

/**
 * The user of a living session, if their account is open. It is as old as the check of the session, so what changes
 * the user has to lock them.
 */
export async function findUserOf(deps: Deps, session: Session): Promise<User | undefined> {
  return checked.get(session) ?? readUser(deps.database, session.userId)
}
