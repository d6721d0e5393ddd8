import { inventoryApi } from '@bazaar/shared/api/inventory'
import type { Guards } from '@bazaar/shared/auth/admission'
import { findKeyHolder } from '@bazaar/shared/auth/api-keys'
import type { FrameOptions } from '@bazaar/shared/http/frame'
import { serve } from '@bazaar/shared/http/serve'
import type { Deps } from './deps.ts'
import { routes } from './routes.ts'

/** The HTTP side of the inventory service. `session` finds out who is logged in. */
export function createApp(deps: Deps, session: Guards['session'], frame: FrameOptions) {
  return serve(inventoryApi, {
    ...frame,
    handlers: routes(deps),
    guards: { ...(session ? { session } : {}), key: (key) => findKeyHolder(deps.database, key) },
  })
}
