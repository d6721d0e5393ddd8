import { userApi } from '@bazaar/shared/api/user'
import type { Session } from '@bazaar/shared/auth/admission'
import { findSession } from '@bazaar/shared/auth/sessions'
import { read } from '@bazaar/shared/database/database'
import { everyOperation } from '@bazaar/shared/http/every-operation'
import { type FrameOptions, frame } from '@bazaar/shared/http/frame'
import { DependencyUnavailable } from '@bazaar/shared/problem'
import { findLastEnding, isEndedBy, type LastEnding } from './accounts/user-store.ts'
import type { Deps } from './deps.ts'
import { routes } from './routes.ts'
import { finishEnding } from './sessions/log-out.ts'

/** The session of a key, unless it was ended but Redis still has it, or has it again. */
async function livingSession(deps: Deps, token: string): Promise<Session | undefined> {
  const session = await findSession(deps.redis, token)
  if (!session) return undefined
  const ending = await lastEndingOf(deps, session.userId)
  if (!ending || !isEndedBy(ending, session)) return session
  await finishEnding(deps.redis, session, ending)
  return undefined
}

/** Undefined without MySQL: users can then only log out and list their sessions, and Redis alone identifies them. */
async function lastEndingOf({ database }: Deps, userId: string): Promise<LastEnding | undefined> {
  try {
    return await read(database, (connection) => findLastEnding(connection, userId))
  } catch (error) {
    if (error instanceof DependencyUnavailable) return undefined
    throw error
  }
}

/** The HTTP side of the user service. */
export function createApp(deps: Deps, options: FrameOptions) {
  const guards = { session: (token: string) => livingSession(deps, token) }
  return everyOperation(userApi, frame(userApi, { ...options, guards }).use(routes(deps)))
}

/** The service as Eden's `treaty` knows it. */
export type App = ReturnType<typeof createApp>
