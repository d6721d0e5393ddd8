import { t } from 'elysia'
import type { ProblemKind } from './operation.ts'
import { upTo } from './schema.ts'

/** The refusals and failures that any operation of any service may answer with. */
export const commonProblems = {
  'malformed-request': { status: 400, title: 'The request cannot be read' },
  'malformed-json': { status: 400, title: 'The body is not valid JSON' },
  'idempotency-key-missing': { status: 400, title: 'The header Idempotency-Key is missing' },
  'idempotency-key-malformed': { status: 400, title: 'The header Idempotency-Key is not valid' },
  'if-match-malformed': { status: 400, title: 'The header If-Match is not a list of ETags' },
  unauthenticated: { status: 401, title: 'Authentication required' },
  forbidden: { status: 403, title: 'Forbidden' },
  'not-found': { status: 404, title: 'Not found' },
  'method-not-allowed': { status: 405, title: 'Method not allowed' },
  'not-acceptable': { status: 406, title: 'Not acceptable' },
  'request-too-slow': { status: 408, title: 'The request took too long to arrive' },
  'idempotency-key-in-use': { status: 409, title: 'A request with this Idempotency-Key is still running' },
  'precondition-failed': { status: 412, title: 'It has changed since it was read' },
  'body-too-large': {
    status: 413,
    title: 'The body is too large',
    members: t.Object({ limitBytes: upTo('How many bytes there may be', 65_536) }),
  },
  'unsupported-media-type': { status: 415, title: 'Unsupported media type' },
  'validation-failed': { status: 422, title: 'The request is not valid' },
  'idempotency-key-reused': { status: 422, title: 'This Idempotency-Key was used for another request' },
  'if-match-missing': { status: 428, title: 'The header If-Match is missing' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'internal-error': { status: 500, title: 'Internal error' },
  'dependency-unavailable': { status: 503, title: 'Part of the system cannot be reached' },
  overloaded: { status: 503, title: 'The service is overloaded' },
  'outcome-unknown': { status: 503, title: 'It is not known whether this was done' },
} as const satisfies Record<string, ProblemKind>
