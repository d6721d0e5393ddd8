import { iamApi } from '@bazaar/shared/api/iam'
import { inTransaction, read } from '@bazaar/shared/database/database'
import { apiKeyRoutes } from '@bazaar/shared/http/routes/api-key-routes'
import { hooksOf } from '@bazaar/shared/http/routes/hooks'
import { operations } from '@bazaar/shared/http/routes/operations'
import { Elysia } from 'elysia'
import { changePassword } from './change-password.ts'
import { deleteCredential, findCredential } from './credential-store.ts'
import type { Deps } from './deps.ts'
import { noCredential } from './errors.ts'
import { resetPassword } from './reset-password.ts'
import { setCredential } from './set-credential.ts'
import { verifyCredential } from './verify-credential.ts'

const SCOPES = ['credentials:write', 'credentials:verify', 'keys:manage']

/** The handlers of the identity service's operations. Who may call each, and its answers: `shared/api/iam.ts`. */
export function routes(deps: Deps) {
  const { database, config } = deps
  const iamHooks = hooksOf(iamApi)
  return new Elysia()
    .use(operations)
    .put(
      '/credentials/:userId',
      ({ params, body }) => setCredential(deps, { ...body, ...params }),
      iamHooks.setCredential,
    )
    .post('/authentications', ({ body }) => verifyCredential(deps, body), iamHooks.verifyCredential)
    .post(
      '/credentials/:userId/password',
      ({ params, body }) => changePassword(deps, { ...body, ...params }),
      iamHooks.changePassword,
    )
    .get(
      '/credentials/:userId',
      async ({ params }) => {
        const found = await read(database, (connection) => findCredential(connection, params.userId))
        if (!found) throw noCredential()
        return { userId: found.userId, credentialVersion: found.version }
      },
      iamHooks.readCredential,
    )
    .put(
      '/credentials/:userId/password',
      ({ params, body }) => resetPassword(deps, { ...body, ...params }),
      iamHooks.resetPassword,
    )
    .delete(
      '/credentials/:userId',
      ({ params }) => inTransaction(database, (tx) => deleteCredential(tx, params.userId)),
      iamHooks.deleteCredential,
    )
    .use(apiKeyRoutes({ database, environment: config.environment, scopes: SCOPES }))
}
