import type { Guards } from '@bazaar/shared/admission'
import { inventoryApi } from '@bazaar/shared/api/inventory'
import { findKeyHolder } from '@bazaar/shared/api-keys'
import type { FrameOptions } from '@bazaar/shared/frame'
import { serve } from '@bazaar/shared/serve'
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
