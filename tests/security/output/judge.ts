import { answerHeaders } from '@bazaar/shared/api/headers'
import { asArray, asObject, type Json, type JsonObject } from '@bazaar/shared/http/docs/openapi-schema'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { Answer, Call } from '../system/ask.ts'
import type { Operation } from '../system/operations.ts'

const ajv = new Ajv2020({ strict: false, validateFormats: false })
const validators = new Map<string, ValidateFunction>()

const PROBLEM = 'application/problem+json'
const FIELD_ERRORS_MAX = 20
/** Shorter texts, such as `EUR`, are in too many answers to tell an echo by. */
const ECHO_LENGTH_MIN = 7

/** A conflict says over which of the products it is. */
const NAMES_A_THING = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** A word of the documents, such as `NET_BANKING` or `password`, may be in the explanation of what was wrong. */
const IS_A_WORD = /^([A-Za-z]{1,12}|[A-Z_]{1,20})$/

/** What every answer must carry, refusals too. */
const HEADERS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
} as const
/** What programs look at, and therefore is documented. */
const DOCUMENTED = Object.keys(answerHeaders).map((name) => name.toLowerCase())
/** What tells strangers what runs here. */
const BANNERS = ['server', 'x-powered-by', 'via']

/**
 * All that is wrong with an answer, whatever was asked: it fails, is not documented, breaks its schema, shows a
 * property that is not in it, lacks a header, or says back what was sent.
 */
export function complaintsAbout(operation: Operation, call: Call, answer: Answer): string[] {
  const { status } = answer
  return [
    ...(status >= 500 ? [`failed with ${status}`] : []),
    ...(operation.answers.has(status) ? [] : [`answered ${status}, which is not documented`]),
    ...complaintsAboutBody(operation, answer),
    ...complaintsAboutHeaders(operation, answer),
    ...(status >= 400 ? echoesIn(call, answer).map((value) => `said back "${value.slice(0, 40)}"`) : []),
  ]
}

/** All that is wrong with a refusal as a problem of RFC 9457. */
export function complaintsAboutProblem(answer: Answer): string[] {
  const { status, headers } = answer
  const problem: Record<string, unknown> = Object(answer.json)
  const { code } = problem
  const errors = Array.isArray(problem['errors']) ? problem['errors'] : []
  const wanted = {
    type: `urn:bazaar:problem:${String(code)}`,
    status,
    instance: `urn:uuid:${headers.get('x-request-id')}`,
  }
  return [
    ...(headers.get('content-type') === PROBLEM ? [] : [`is ${headers.get('content-type')}, no problem`]),
    ...Object.entries(wanted)
      .filter(([name, value]) => problem[name] !== value)
      .map(([name]) => `has a wrong "${name}"`),
    ...(typeof problem['title'] === 'string' ? [] : ['has no title']),
    ...(errors.length > FIELD_ERRORS_MAX ? [`names ${errors.length} fields`] : []),
    ...(headers.get('cache-control') === 'no-store' ? [] : ['may be stored']),
    ...missing(headers, status === 401 && 'www-authenticate'),
    ...missing(headers, status === 405 && 'allow'),
    ...missing(headers, (status === 429 || status === 503) && 'retry-after'),
    ...(/\bat \S+:\d+|node_modules|select |insert |update |\bError\b/.test(answer.text)
      ? ['shows what is inside']
      : []),
  ]
}

/** What of the call the answer says back. */
export function echoesIn(call: Call, answer: Answer): string[] {
  // A media type that was wrong may be in the list of those that are right.
  const { accept: _, 'content-type': __, ...headers } = call.headers ?? {}
  // Names of headers are ours: a cursor `-length` is in one by chance.
  const values = [...answer.headers].filter(([name]) => name !== 'x-request-id').map(([, value]) => value)
  const said = answer.text + JSON.stringify(values)
  return textsIn([bodyOf(call), call.query, headers, call.params]).filter(
    (text) =>
      text.length >= ECHO_LENGTH_MIN &&
      !IS_A_WORD.test(text) &&
      said.includes(JSON.stringify(text).slice(1, -1)) &&
      !(answer.status === 409 && NAMES_A_THING.test(text)),
  )
}

/** What is in the body, also when it is sent as the characters that somebody wrote. */
function bodyOf({ body }: Call): unknown {
  if (typeof body !== 'string') return body
  try {
    const value: unknown = JSON.parse(body)
    return [body, value]
  } catch {
    // It was meant to be no JSON.
    return body
  }
}

/** The values of all texts in it, but not the names of properties: a problem may say which one was wrong. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(textsIn)
}

function complaintsAboutBody(operation: Operation, answer: Answer): string[] {
  const { status, headers, text, json } = answer
  const schema = operation.answers.get(status)
  if (status >= 400)
    return [
      ...complaintsAboutProblem(answer),
      ...(schema ? undeclaredIn(operation, answer, Object(schema)) : []),
    ]
  if (schema === undefined) return text === '' ? [] : ['has a body that is not documented']
  if (schema === 'image')
    return headers.get('content-type')?.startsWith('image/') ? [] : ['is not the picture it should be']
  const type = headers.get('content-type') ?? ''
  if (!/^application\/json(;\s*charset=utf-8)?$/i.test(type)) return [`is ${type}, not JSON`]
  const validate = validatorOf(`${operation.id} ${status}`, schema)
  if (validate(json)) return []
  return (validate.errors ?? []).map(
    ({ instancePath, message }) => `breaks its schema at ${instancePath}: ${message}`,
  )
}

/** What the document does not know of a refusal: its code, or something that it tells. */
function undeclaredIn(operation: Operation, { status, json }: Answer, schema: JsonObject): string[] {
  const declared = asArray(schema['allOf']).flatMap((part) =>
    Object.keys(asObject(asObject(part)['properties'])),
  )
  const validate = validatorOf(`${operation.id} ${status}`, schema, (open) => open)
  const errors = validate(json) ? [] : (validate.errors ?? [])
  return [
    ...errors.map(({ instancePath, message }) => `breaks its schema at ${instancePath}: ${message}`),
    ...Object.keys(Object(json))
      .filter((name) => !declared.includes(name))
      .map((name) => `tells "${name}" with ${Object(json).code}, which is not documented`),
  ]
}

function complaintsAboutHeaders(operation: Operation, { status, headers }: Answer): string[] {
  const { access, answers } = operation
  const { may = [], must = [] } = operation.headers.get(status) ?? {}
  const isPrivate = access !== 'anyone' && answers.get(status) !== undefined
  return [
    ...Object.entries(HEADERS)
      .filter(([name, value]) => headers.get(name) !== value)
      .map(([name]) => `lacks ${name}`),
    ...must.filter((name) => !headers.has(name)).map((name) => `lacks ${name}, which is documented`),
    ...DOCUMENTED.filter((name) => headers.has(name) && !may.includes(name)).map(
      (name) => `carries ${name}, which is not documented`,
    ),
    ...BANNERS.filter((name) => headers.has(name)).map((name) => `carries ${name}`),
    ...(isPrivate && headers.get('cache-control') !== 'no-store' ? ['is private and may be stored'] : []),
  ]
}

function missing(headers: Headers, name: string | false): string[] {
  return name && !headers.has(name) ? [`lacks ${name}`] : []
}

function validatorOf(
  name: string,
  schema: JsonObject,
  seenAs: (schema: Json) => Json = closed,
): ValidateFunction {
  const known = validators.get(name)
  if (known) return known
  const made = ajv.compile(Object(seenAs(schema)))
  validators.set(name, made)
  return made
}

/** The schema with every property refused that it does not name: today's answers have no others. */
function closed(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const tight = Object.fromEntries(Object.entries(schema).map(([key, member]) => [key, closed(member)]))
  const isObject = 'properties' in tight && !('additionalProperties' in tight)
  return isObject ? { ...tight, additionalProperties: false } : tight
}
