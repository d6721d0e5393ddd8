import { apiKeyRoutes } from '@bazaar/shared/http/routes/api-key-routes'
import { Elysia } from 'elysia'
import { catalogueRoutes, createHomePage } from './catalogue-routes.ts'
import type { Deps } from './deps.ts'
import { reservationRoutes } from './reservation-routes.ts'
import { sellerRoutes } from './seller-routes.ts'

const SCOPES = ['reservations:write', 'keys:manage']

/** The handlers of the inventory service's operations. */
export function routes(deps: Deps) {
  const { database, config } = deps
  const homePage = createHomePage(deps)
  return new Elysia()
    .use(catalogueRoutes(deps, homePage))
    .use(sellerRoutes(deps, { onChange: homePage.drop }))
    .use(reservationRoutes(deps))
    .use(apiKeyRoutes({ database, environment: config.environment, scopes: SCOPES }))
}
