import type { AnyElysia } from 'elysia'
import type { Api } from '../../api/operation.ts'

/**
 * The routes that every service has besides its operations. Anyone may ask for them, unless the operator hides them.
 */
const PAGES = new Set([
  'GET /',
  'GET /docs',
  'GET /docs/all.json',
  'GET /docs/:asset',
  'GET /openapi.json',
  'GET /asyncapi.json',
  'GET /health/live',
  'GET /health/ready',
  'GET /metrics',
])

/**
 * Checks, when a service starts, that each operation of its API has a route and that there are no other routes. A
 * route that is not an operation would have no access rule.
 *
 * @throws {Error} naming the missing and the extra routes.
 */
export function everyOperation<App extends AnyElysia>(api: Api, app: App): App {
  const routes = new Map<string, unknown>(
    app.routes.map(({ method, path, hooks }) => [`${method} ${path}`, hooks.detail?.operationId]),
  )
  const operations = new Map(
    Object.entries(api.operations).map(([name, { method, path }]) => [`${method} ${path}`, name]),
  )
  for (const [route, name] of operations)
    if (routes.get(route) !== name)
      throw new Error(`Cannot serve ${api.service}: "${route}" is not the route of ${name}`)
  for (const route of routes.keys())
    if (!operations.has(route) && !PAGES.has(route))
      throw new Error(`Cannot serve ${api.service}: "${route}" is no operation of its API`)
  return app
}
