import { Elysia } from 'elysia'
import type { Api } from '../../api/operation.ts'
import { hooksOf } from '../hooks.ts'
import { operations } from '../operations.ts'
import { schemasOf } from '../route-schemas.ts'
import { openApiDocument } from './swagger.ts'

/**
 * The OpenAPI document that a service serves, without the service: an app has the routes of its API with nothing behind
 * them. That a service has these routes and no others is seen to when it starts (`every-operation.ts`).
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
