import type { Session } from '@bazaar/shared/admission'
import { userApi } from '@bazaar/shared/api/user'
import { read } from '@bazaar/shared/database'
import type { FrameOptions } from '@bazaar/shared/frame'
import { DependencyUnavailable } from '@bazaar/shared/problem'
import { serve } from '@bazaar/shared/serve'
import { findSession } from '@bazaar/shared/sessions'
import type { Deps } from './deps.ts'
import { routes } from './routes.ts'
import { isEndedForGood } from './user-store.ts'

/** The session of a key, unless Redis has brought back one that was ended. */
async function livingSession({ redis, database }: Deps, token: string): Promise<Session | undefined> {
  const session = await findSession(redis, token)
  if (!session) return undefined
  const { userId, sessionId, epoch } = session
  try {
    const which = { userId, sessionId, epoch }
    const isEnded = await read(database, (connection) => isEndedForGood(connection, which))
    return isEnded ? undefined : session
  } catch (error) {
    // Without MySQL one can only log out and look at his sessions: for that Redis alone may say who he is.
    if (error instanceof DependencyUnavailable) return session
    throw error
  }
}

/** The HTTP side of the user service. */
export function createApp(deps: Deps, frame: FrameOptions) {
  return serve(userApi, {
    ...frame,
    handlers: routes(deps),
    guards: { session: (token) => livingSession(deps, token) },
  })
}
