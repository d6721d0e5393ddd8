import { t } from 'elysia'
import type { Operation, ProblemKind } from './operation.ts'
import { instant, line, nothing } from './schema.ts'
import { text } from './text/free-text.ts'

/** Many times the keys that are valid at once, so that those are all among them. */
export const API_KEYS_LISTED_MAX = 1_000

const publicId = t.String({
  pattern: '^[0-9a-f]{16}$',
  maxLength: 16,
  description: 'Names a key without giving it away',
  examples: ['0123456789abcdef'],
})
const scope = t.String({
  pattern: '^[a-z-]+:[a-z-]+$',
  maxLength: 64,
  description: 'What the key opens',
  examples: ['keys:manage'],
})
const keyParams = t.Object({ publicId })
const expiresAt = instant(
  'When the key stops being valid; at most two years ahead',
  '2027-12-31T00:00:00.000Z',
)

const keyFields = {
  publicId,
  caller: text({ maxLength: 64, description: 'Which service holds it', examples: ['user'] }),
  scopes: t.Array(scope, { maxItems: 16 }),
  createdAt: instant('When it was issued'),
  expiresAt,
  revokedAt: t.Union([instant('When it was revoked'), t.Null()], { examples: [null] }),
  lastUsedAt: t.Union([instant('When it was last used, to the minute'), t.Null()]),
}
const apiKey = t.Object(keyFields, { title: 'ApiKey' })
const issued = t.Object(
  {
    ...keyFields,
    key: text({
      maxLength: 128,
      description: 'The key itself: shown this once',
      examples: ['bzk_dev_0123456789abcdef_Zm9yIGV4YW1wbGUgb25seSwgbm90IGEgcmVhbCBrZXk'],
    }),
  },
  { title: 'IssuedApiKey' },
)

/** The operations on API keys that every service has which accepts keys. */
export const apiKeyOperations = {
  issueApiKey: {
    method: 'POST',
    path: '/api-keys',
    detail: { tags: ['API keys'], summary: 'Issue a key to a service' },
    access: { key: 'keys:manage' },
    audit: 'key-issue',
    body: t.Object({
      caller: line({ maxLength: 64, description: 'Which service will hold it', examples: ['user'] }),
      scopes: t.Array(scope, { minItems: 1, maxItems: 16, uniqueItems: true }),
      expiresAt,
    }),
    response: { 201: issued },
    problems: ['unknown-scope', 'expiry-out-of-range', 'too-many-keys'],
  },
  listApiKeys: {
    method: 'GET',
    path: '/api-keys',
    detail: {
      tags: ['API keys'],
      summary: 'List the keys, without their secrets',
      description: `The valid ones first, then those that have expired or were revoked; of each the newest first. At most ${API_KEYS_LISTED_MAX.toLocaleString('en')}, and all that are valid.`,
    },
    access: { key: 'keys:manage' },
    audit: 'key-list',
    response: { 200: t.Object({ items: t.Array(apiKey, { maxItems: API_KEYS_LISTED_MAX }) }) },
  },
  rotateApiKey: {
    method: 'POST',
    path: '/api-keys/:publicId/rotation',
    detail: {
      tags: ['API keys'],
      summary: 'Issue the successor of a key',
      description:
        'Same caller and scopes. Both work until the old one is revoked, so nothing is interrupted. A key that has expired or was revoked has no successor: issue a new one.',
    },
    access: { key: 'keys:manage' },
    audit: 'key-rotation',
    params: keyParams,
    body: t.Object({ expiresAt }),
    response: { 201: issued },
    problems: ['not-found', 'expiry-out-of-range', 'too-many-keys'],
  },
  revokeApiKey: {
    method: 'DELETE',
    path: '/api-keys/:publicId',
    detail: {
      tags: ['API keys'],
      summary: 'Revoke a key',
      description: 'It is refused from the next request on. Repeatable.',
    },
    access: { key: 'keys:manage' },
    audit: 'key-revocation',
    params: keyParams,
    response: { 204: nothing },
    problems: ['not-found'],
  },
} as const satisfies Record<string, Operation>

/** The refusals that these operations add. */
export const apiKeyProblems = {
  'unknown-scope': { status: 422, title: 'This service has no such scope' },
  'expiry-out-of-range': { status: 422, title: 'The expiry is not within the next two years' },
  'too-many-keys': { status: 409, title: 'There are too many valid keys' },
} as const satisfies Record<string, ProblemKind>
