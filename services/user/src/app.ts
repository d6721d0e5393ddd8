import { userApi } from '@bazaar/shared/api/user'
import { type FrameOptions, frame } from '@bazaar/shared/http/frame'
import { everyOperation } from '@bazaar/shared/http/routes/every-operation'
import type { Deps } from './deps.ts'
import { routes } from './routes.ts'
import { findLivingSession } from './sessions/living-session.ts'

/** The HTTP side of the user service. */
export function createApp(deps: Deps, options: FrameOptions) {
  const guards = { session: (token: string) => findLivingSession(deps, token) }
  return everyOperation(userApi, frame(userApi, { ...options, guards }).use(routes(deps)))
}

/** The service as Eden's `treaty` knows it. */
export type App = ReturnType<typeof createApp>
