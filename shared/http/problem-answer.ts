import type { ValueError } from '@sinclair/typebox/errors'
import { NotFoundError, ParseError, type TSchema, ValidationError } from 'elysia'
import type { ProblemKind } from '../api/operation.ts'
import { commonProblems } from '../api/problems.ts'
import { textFault } from '../api/text/free-text.ts'
import { DependencyUnavailable, DomainError, type FieldError, OutcomeUnknown } from '../problem.ts'

const FIELD_ERRORS_MAX = 20
/** A pointer contains names that the client chose; one that is too long to be ours is cut. */
const POINTER_LENGTH_MAX = 200

/** TypeBox's numbered value errors in the words that clients see; any other one is a wrong `type`. */
const FIELD_CODES: Record<number, { code: string; limitFrom?: string }> = {
  2: { code: 'max-items', limitFrom: 'maxItems' },
  4: { code: 'min-items', limitFrom: 'minItems' },
  5: { code: 'duplicate-items' },
  32: { code: 'not-allowed' },
  38: { code: 'maximum', limitFrom: 'maximum' },
  39: { code: 'minimum', limitFrom: 'minimum' },
  40: { code: 'whole-number' },
  42: { code: 'unexpected-property' },
  43: { code: 'max-properties', limitFrom: 'maxProperties' },
  44: { code: 'min-properties', limitFrom: 'minProperties' },
  45: { code: 'required' },
  50: { code: 'format', limitFrom: 'format' },
  51: { code: 'max-length', limitFrom: 'maxLength' },
  52: { code: 'min-length', limitFrom: 'minLength' },
  53: { code: 'pattern' },
  62: { code: 'not-allowed' },
}

/** The answer to a failed request, before it becomes bytes. */
export type Problem = {
  code: string
  kind: ProblemKind
  detail?: string | undefined
  errors?: FieldError[] | undefined
  retryAfterSeconds?: number | undefined
  members?: Record<string, unknown> | undefined
  headers?: Record<string, string> | undefined
}

/** What was thrown before there was a body: Elysia calls all of it a body that cannot be read. */
export function thrownIn(error: unknown): unknown {
  return error instanceof ParseError && error.cause ? error.cause : error
}

/**
 * Translates anything thrown into a problem. Anything but a deliberate refusal is an internal error. Its message goes
 * only to the log, because it may contain a statement, a path or personal data.
 */
export function toProblem(error: unknown, kinds: Record<string, ProblemKind>): Problem {
  if (error instanceof DomainError) {
    const kind =
      kinds[error.code] ?? Object.entries(commonProblems).find(([code]) => code === error.code)?.[1]
    if (!kind) return internal()
    const { code, message: detail, errors, retryAfterSeconds, members, headers } = error
    return { code, kind, detail, errors, retryAfterSeconds, members, headers }
  }
  if (error instanceof DependencyUnavailable) {
    const detail = `${error.dependency} cannot be reached right now; nothing was changed`
    return {
      code: 'dependency-unavailable',
      kind: commonProblems['dependency-unavailable'],
      detail,
      retryAfterSeconds: error.retryAfterSeconds,
    }
  }
  if (error instanceof OutcomeUnknown) {
    const detail =
      'Repeat the request unchanged, with the same Idempotency-Key if it had one, to learn whether it was done'
    return { code: 'outcome-unknown', kind: commonProblems['outcome-unknown'], detail, retryAfterSeconds: 1 }
  }
  if (error instanceof ValidationError && error.type !== 'response') return invalid(error)
  if (error instanceof ParseError)
    return { code: 'malformed-request', kind: commonProblems['malformed-request'] }
  if (error instanceof NotFoundError) return { code: 'not-found', kind: commonProblems['not-found'] }
  return internal()
}

function internal(): Problem {
  return { code: 'internal-error', kind: commonProblems['internal-error'] }
}

function invalid(error: ValidationError): Problem {
  const errors: FieldError[] = []
  const { validator } = error
  const all =
    'Errors' in validator && typeof validator.Errors === 'function' ? validator.Errors(error.value) : []
  for (const outer of all) {
    const found = insideNullable(outer)
    const path = error.type === 'body' ? found.path : `/${error.type}${found.path}`
    const pointer = path.slice(0, POINTER_LENGTH_MAX)
    if (errors.some((earlier) => earlier.pointer === pointer)) continue
    errors.push({ pointer, ...faultOf(found) })
    if (errors.length === FIELD_ERRORS_MAX) break
  }
  const detail = errors.length === 1 ? '1 field is not valid' : `${errors.length} fields are not valid`
  return { code: 'validation-failed', kind: commonProblems['validation-failed'], detail, errors }
}

function faultOf(error: ValueError): Omit<FieldError, 'pointer'> {
  const fault = textFault(error)
  if (fault) return fault
  const { type, schema } = error
  const { code, limitFrom } = FIELD_CODES[type] ?? { code: 'type' }
  const limit: unknown = limitFrom ? schema[limitFrom] : undefined
  return { code, ...(typeof limit === 'number' || typeof limit === 'string' ? { limit } : {}) }
}

/** The errors of a text that may also be null are the errors of the text. */
function insideNullable(error: ValueError): ValueError {
  const alternatives: TSchema[] = error.schema['anyOf'] ?? []
  const isNullable = alternatives.length === 2 && alternatives[1]?.['type'] === 'null'
  return (isNullable && error.errors[0]?.First()) || error
}

/** The problem as an RFC 9457 answer. `headers` are those that every answer of the service has. */
export function problemAnswer(problem: Problem, requestId: string, headers: Headers): Response {
  headers.set('content-type', 'application/problem+json')
  headers.set('cache-control', 'no-store')
  for (const [name, value] of Object.entries(problem.headers ?? {})) headers.set(name, value)
  if (problem.retryAfterSeconds !== undefined) headers.set('retry-after', String(problem.retryAfterSeconds))
  if (problem.kind.status === 401)
    headers.set('www-authenticate', 'Session realm="bazaar", ApiKey realm="bazaar"')
  const body = {
    type: `urn:bazaar:problem:${problem.code}`,
    title: problem.kind.title,
    status: problem.kind.status,
    ...(problem.detail ? { detail: problem.detail } : {}),
    instance: `urn:uuid:${requestId}`,
    code: problem.code,
    ...(problem.errors ? { errors: problem.errors } : {}),
    ...problem.members,
  }
  return new Response(JSON.stringify(body), { status: problem.kind.status, headers })
}
