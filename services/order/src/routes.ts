import { Elysia } from 'elysia'
import type { Deps } from './deps.ts'
import { oneOrderRoutes } from './one-order-routes.ts'
import { orderRoutes } from './order-routes.ts'
import { saleRoutes } from './sale-routes.ts'

/** The handlers of the order service's operations. */
export function routes(deps: Deps) {
  return new Elysia().use(orderRoutes(deps)).use(oneOrderRoutes(deps)).use(saleRoutes(deps))
}
