import { type TSchema, t } from 'elysia'
import { headersOf, requestHeaders } from '../../api/headers.ts'
import {
  type Access,
  type Api,
  answersPicture,
  type Operation,
  type ProblemKind,
  type Schema,
  usualStatusOf,
} from '../../api/operation.ts'
import { commonProblems } from '../../api/problems.ts'
import { problemBody } from '../../api/schema.ts'

/** The body with a picture, also when it is the file itself. */
export const pictureForm = t.Object({ file: t.File() }, { additionalProperties: false })

/** The schemas of a route: requests and successes are enforced, refusals are only described. */
export function schemasOf(api: Pick<Api, 'problems'>, operation: Operation) {
  const { body, params, query, imageBodyBytesMax } = operation
  return {
    ...(imageBodyBytesMax ? { body: pictureForm } : {}),
    ...(body ? { body: incoming(body) } : {}),
    ...(params ? { params: incoming(params) } : {}),
    ...(query ? { query: incoming(query) } : {}),
    response: answersOf(api, operation),
  }
}

function answersOf(api: Pick<Api, 'problems'>, operation: Operation): Record<number, TSchema> {
  const answers: Record<number, TSchema> = {}
  for (const [status, problems] of problemsOf(api, operation)) {
    answers[status] = t.Object(problemBody.properties, {
      description: problems.map(({ code, title }) => `- \`${code}\` ${title}`).join('\n'),
      'x-problems': problems,
    })
  }
  for (const [status, schema] of Object.entries(operation.response)) answers[Number(status)] = typeBox(schema)
  return answers
}

/** Elysia uses TypeBox's own type for schemas; every schema of ours is one. */
function typeBox(schema: Schema): TSchema {
  return closed(schema as TSchema, () => ({}))
}

/** The schema of a request part: free text gets the format of its kind. */
function incoming(schema: Schema): TSchema {
  return closed(schema as TSchema, (kind) => ({ format: kind }))
}

/**
 * The schema with unknown properties refused at every depth; Elysia itself refuses them only at the top. `ofFreeText`
 * adds the format for each kind of free text.
 */
function closed(schema: TSchema, ofFreeText: (kind: string) => { format?: string }): TSchema {
  const { properties, patternProperties, items, anyOf } = schema
  const inner = (member: TSchema) => closed(member, ofFreeText)
  const members = (all: Record<string, TSchema>) =>
    Object.fromEntries(Object.entries(all).map(([name, member]) => [name, inner(member)]))
  return {
    ...schema,
    ...(schema['x-free-text'] ? ofFreeText(schema['x-free-text']) : {}),
    ...(properties || patternProperties ? { additionalProperties: false } : {}),
    ...(properties ? { properties: members(properties) } : {}),
    ...(patternProperties ? { patternProperties: members(patternProperties) } : {}),
    ...(items ? { items: inner(items) } : {}),
    ...(anyOf ? { anyOf: anyOf.map(inner) } : {}),
  }
}

/**
 * The description of an operation beyond its schemas. `tidyDocument` replaces all `x-` members but `x-access`, and
 * `x-internal`, which marks what services ask of each other.
 */
export function detailOf(name: string, operation: Operation) {
  const { access } = operation
  return {
    operationId: name,
    tags: [...operation.detail.tags],
    summary: operation.detail.summary,
    description: [operation.detail.description, whoMayCall(access)].filter(Boolean).join('\n\n'),
    security: access === 'anyone' ? [] : [{ ['key' in access ? 'key' : 'session']: [] }],
    'x-access': access,
    ...(access !== 'anyone' && 'key' in access ? { 'x-internal': true } : {}),
    'x-status': usualStatusOf(operation),
    ...(answersPicture(operation) ? { 'x-image-answer': true } : {}),
    ...(operation.imageBodyBytesMax ? { 'x-image-body': true } : {}),
    'x-headers': headerParametersOf(operation),
    'x-answer-headers': Object.fromEntries(STATUSES.map((status) => [status, headersOf(operation, status)])),
    ...(isConditional(operation) ? { 'x-not-modified': true } : {}),
  }
}

/** Every status that a document may contain. */
const STATUSES = [200, 201, 202, 204, 304, ...Object.values(commonProblems).map(({ status }) => status)]

/** The header parameters of an operation. Optional ones have no example, because the page would send it unasked. */
function headerParametersOf(operation: Operation) {
  const parameter = (name: keyof typeof requestHeaders, required: boolean) => {
    const { example, ...about } = requestHeaders[name]
    return { name, in: 'header' as const, required, ...about, ...(required ? { example } : {}) }
  }
  return [
    ...(operation.idempotencyKey ? [parameter('Idempotency-Key', true)] : []),
    ...(operation.ifMatch ? [parameter('If-Match', operation.ifMatch === 'required')] : []),
    ...(isConditional(operation) ? [parameter('If-None-Match', false)] : []),
  ]
}

/** Whether it answers 304 to a client that already has the current version. */
function isConditional({ method, answerHeaders = [] }: Operation): boolean {
  return method === 'GET' && answerHeaders.includes('ETag')
}

function whoMayCall(access: Access): string {
  if (access === 'anyone') return 'Anyone may call this.'
  if ('key' in access) return `For services whose API key has the scope \`${access.key}\`.`
  const who =
    access.session === 'any' ? 'For any logged-in user.' : `For a logged-in ${access.session.toLowerCase()}.`
  return access.others === 'have-their-own'
    ? who
    : `${who} What belongs to somebody else is refused as \`${access.others}\`.`
}

type Problem = { code: string } & Omit<ProblemKind, 'status'>

/**
 * The problems that an operation can answer with, by status: those the API lists for it, and those that follow from
 * its declarations.
 */
function problemsOf(api: Pick<Api, 'problems'>, operation: Operation): Map<number, Problem[]> {
  const { method, access, body, imageBodyBytesMax, commits, idempotencyKey, ifMatch } = operation
  const codes = [
    ...(operation.problems ?? []),
    'malformed-request',
    ...(access === 'anyone' ? [] : ['unauthenticated']),
    ...(access === 'anyone' || ('session' in access && access.session === 'any') ? [] : ['forbidden']),
    'not-acceptable',
    ...(body ? ['malformed-json'] : []),
    ...(body || imageBodyBytesMax ? ['body-too-large', 'unsupported-media-type', 'request-too-slow'] : []),
    // For an unknown query parameter, if for nothing else.
    'validation-failed',
    ...(idempotencyKey
      ? ['idempotency-key-missing', 'idempotency-key-malformed', 'idempotency-key-reused']
      : []),
    ...(ifMatch === 'required' ? ['if-match-missing'] : []),
    ...(ifMatch ? ['if-match-malformed', 'precondition-failed'] : []),
    'too-many-requests',
    'dependency-unavailable',
    'overloaded',
    ...(method === 'GET' || commits === false ? [] : ['outcome-unknown']),
    'internal-error',
  ]
  const byStatus = new Map<number, Problem[]>()
  const kinds: Api['problems'] = { ...commonProblems, ...api.problems }
  for (const code of new Set(codes)) {
    const kind = kinds[code]
    if (!kind) throw new Error(`Describe the problem "${code}" in the API: no status is known for it`)
    const { status, ...about } = kind
    byStatus.set(status, [...(byStatus.get(status) ?? []), { code, ...about }])
  }
  return byStatus
}
