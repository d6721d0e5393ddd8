import { Elysia } from 'elysia'
import { apiKeyOperations, apiKeyProblems } from '../../api/api-keys.ts'
import { apiKeyHandlers } from '../../auth/api-key-handlers.ts'
import { hooksOf } from './hooks.ts'
import { operations } from './operations.ts'

/** The routes of the operations in `api/api-keys.ts`, the same in every service that accepts keys. */
export function apiKeyRoutes(options: Parameters<typeof apiKeyHandlers>[0]) {
  const { issueApiKey, listApiKeys, rotateApiKey, revokeApiKey } = apiKeyHandlers(options)
  const keys = hooksOf({ operations: apiKeyOperations, problems: apiKeyProblems })
  return new Elysia()
    .use(operations)
    .post('/api-keys', issueApiKey, keys.issueApiKey)
    .get('/api-keys', listApiKeys, keys.listApiKeys)
    .post('/api-keys/:publicId/rotation', rotateApiKey, keys.rotateApiKey)
    .delete('/api-keys/:publicId', revokeApiKey, keys.revokeApiKey)
}
