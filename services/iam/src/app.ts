import { iamApi } from '@bazaar/shared/api/iam'
import { findKeyHolder } from '@bazaar/shared/auth/api-keys'
import type { FrameOptions } from '@bazaar/shared/http/frame'
import { serve } from '@bazaar/shared/http/serve'
import type { Deps } from './deps.ts'
import { routes } from './routes.ts'

/** The HTTP side of the identity service. */
export function createApp(deps: Deps, frame: FrameOptions) {
  return serve(iamApi, {
    ...frame,
    handlers: routes(deps),
    guards: { key: (key) => findKeyHolder(deps.database, key) },
  })
}
