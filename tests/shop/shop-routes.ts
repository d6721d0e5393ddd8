import { createMetrics } from '@bazaar/shared/telemetry/metrics'
import { testLog } from '@bazaar/shared/testing/test-log'
import { createApp } from '../../shop/src/app.tsx'
import { readConfig } from '../../shop/src/config.ts'
import { urls } from '../journeys/world.ts'

/** The paths for which the shop answers a method, as they are declared: `/products/:productId`. */
export function pathsOfShop(wanted: 'GET' | 'POST'): string[] {
  const config = readConfig({
    PORT: '4000',
    USER_URL: urls.user,
    INVENTORY_URL: urls.inventory,
    ORDER_URL: urls.order,
    ORIGINS: 'http://localhost:4000',
    COOKIE_SECRET: 'only-for-tests-only-for-tests-only-for-tests',
  })
  const health = { checks: {}, background: {}, draining: false }
  const app = createApp(config, { health, metrics: createMetrics('shop'), log: testLog })
  return app.routes.flatMap(({ method, path }) => (method === wanted ? [path] : []))
}
