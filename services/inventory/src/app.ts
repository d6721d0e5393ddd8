import { inventoryApi } from '@bazaar/shared/api/inventory'
import type { Session } from '@bazaar/shared/auth/admission'
import { findKeyHolder } from '@bazaar/shared/auth/api-keys'
import { type FrameOptions, frame } from '@bazaar/shared/http/frame'
import { everyOperation } from '@bazaar/shared/http/routes/every-operation'
import type { Deps } from './deps.ts'
import { routes } from './routes.ts'

/** The dependencies of the use cases, and the way to find the session of a token. */
type AppDeps = Deps & { findSession: (token: string) => Promise<Session | undefined> }

/** The HTTP side of the inventory service. */
export function createApp(deps: AppDeps, options: FrameOptions) {
  const { database, findSession } = deps
  const guards = { session: findSession, key: (key: string) => findKeyHolder(database, key) }
  return everyOperation(inventoryApi, frame(inventoryApi, { ...options, guards }).use(routes(deps)))
}

/** The service as Eden's `treaty` knows it. */
export type App = ReturnType<typeof createApp>
