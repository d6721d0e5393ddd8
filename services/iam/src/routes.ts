import type { iamApi } from '@bazaar/shared/api/iam'
import { apiKeyHandlers } from '@bazaar/shared/auth/api-key-handlers'
import { inTransaction } from '@bazaar/shared/database/database'
import type { Handlers } from '@bazaar/shared/http/handler'
import { changePassword } from './change-password.ts'
import { deleteCredential } from './credential-store.ts'
import type { Deps } from './deps.ts'
import { setCredential } from './set-credential.ts'
import { verifyCredential } from './verify-credential.ts'

const SCOPES = ['credentials:write', 'credentials:verify', 'keys:manage']

/** What answers each operation of the identity service. */
export function routes(deps: Deps): Handlers<typeof iamApi> {
  return {
    setCredential: async ({ params, body }) => {
      await setCredential(deps, { ...params, ...body })
      return undefined
    },
    verifyCredential: ({ body }) => verifyCredential(deps, body),
    changePassword: async ({ params, body }) => {
      await changePassword(deps, { ...params, ...body })
      return undefined
    },
    deleteCredential: async ({ params }) => {
      await inTransaction(deps.database, (tx) => deleteCredential(tx, params.userId))
      return undefined
    },
    ...apiKeyHandlers({ database: deps.database, environment: deps.config.environment, scopes: SCOPES }),
  }
}
