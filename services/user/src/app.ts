import { userApi } from '@bazaar/shared/api/user'
import type { FrameOptions } from '@bazaar/shared/frame'
import { serve } from '@bazaar/shared/serve'
import { findSession } from '@bazaar/shared/sessions'
import type { Deps } from './deps.ts'
import { routes } from './routes.ts'

/** The HTTP side of the user service. */
export function createApp(deps: Deps, frame: FrameOptions) {
  return serve(userApi, {
    ...frame,
    handlers: routes(deps),
    guards: { session: (token) => findSession(deps.redis, token) },
  })
}
