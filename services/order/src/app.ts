import { orderApi } from '@bazaar/shared/api/order'
import type { Guards } from '@bazaar/shared/auth/admission'
import type { FrameOptions } from '@bazaar/shared/http/frame'
import { serve } from '@bazaar/shared/http/serve'
import type { Deps } from './deps.ts'
import { routes } from './routes.ts'

/** The HTTP side of the order service. */
export function createApp(deps: Deps, guards: Guards, frame: FrameOptions) {
  return serve(orderApi, {
    ...frame,
    handlers: routes(deps),
    guards,
  })
}
