import { iamApi } from '@bazaar/shared/api/iam'
import { findKeyHolder } from '@bazaar/shared/auth/api-keys'
import { type FrameOptions, frame } from '@bazaar/shared/http/frame'
import { everyOperation } from '@bazaar/shared/http/routes/every-operation'
import type { Deps } from './deps.ts'
import { routes } from './routes.ts'

/** The HTTP side of the identity service. */
export function createApp(deps: Deps, options: FrameOptions) {
  const guards = { key: (key: string) => findKeyHolder(deps.database, key) }
  return everyOperation(iamApi, frame(iamApi, { ...options, guards }).use(routes(deps)))
}

/** The service as Eden's `treaty` knows it. */
export type App = ReturnType<typeof createApp>
