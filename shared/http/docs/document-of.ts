import { Elysia } from 'elysia'
import type { Api } from '../../api/operation.ts'
import { hooksOf } from '../routes/hooks.ts'
import { operations } from '../routes/operations.ts'
import { schemasOf } from '../routes/route-schemas.ts'
import { openApiDocument } from './swagger.ts'

/**
 * The OpenAPI document that a service serves, made without the service: an app gets the routes of the API with
 * nothing behind them. A check at start makes sure that a service has exactly these routes (`every-operation.ts`).
 */
export async function documentOf(api: Api): Promise<object> {
  const app = new Elysia().use(operations).use(openApiDocument(api))
  for (const hook of Object.values(hooksOf(api))) {
    const { method, path } = hook.operation
    app.route(method, path, () => undefined, { ...hook, ...schemasOf(api, hook.operation) })
  }
  const answer = await app.handle(new Request('http://localhost/openapi.json'))
  return await answer.json()
}
