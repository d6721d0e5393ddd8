import { getSchemaValidator } from 'elysia'
import {
  type Api,
  answersPicture,
  type Operation,
  type Schema,
  type Static,
  type SuccessOf,
} from '../api/operation.ts'
import { DependencyUnavailable, type FieldError } from '../problem.ts'
import { refuseInsideTransaction } from '../process/inside-transaction.ts'
import { inSpan, noteInSpan, type SpanDescription } from '../telemetry/spans.ts'
import { currentTrace, nextTraceparent } from '../telemetry/trace.ts'
import { callPolicyOf, Unreachable } from './call-policy.ts'

/** A refusal by the called service. Callers tell refusals apart by `code`. */
export class RemoteProblem extends Error {
  override readonly name = 'RemoteProblem'
  readonly service: string
  readonly status: number
  readonly code: string
  readonly detail: string | undefined
  readonly errors: FieldError[]
  readonly members: Record<string, unknown>
  readonly retryAfterSeconds: number | undefined

  constructor(
    service: string,
    status: number,
    body: Record<string, unknown>,
    retryAfterSeconds: number | undefined,
  ) {
    super(`${service} answered ${status} ${body['code']}`)
    this.service = service
    this.status = status
    this.code = String(body['code'])
    this.detail = typeof body['detail'] === 'string' ? body['detail'] : undefined
    this.errors = Array.isArray(body['errors']) ? body['errors'] : []
    this.members = body
    this.retryAfterSeconds = retryAfterSeconds
  }
}

type Part<O, From extends string, To extends string> = O extends { [K in From]: infer S extends Schema }
  ? { [K in To]: Static<S> }
  : unknown

/** The input of a call: what its operation declares, and the caller's session if it needs one. */
export type InputOf<O extends Operation> = Part<O, 'params', 'params'> &
  (O extends { query: infer Q extends Schema } ? { query?: Static<Q> } : unknown) &
  (O extends { imageBodyBytesMax: number }
    ? { body: Uint8Array<ArrayBuffer>; contentType: string }
    : Part<O, 'body', 'body'>) &
  (O['access'] extends { session: unknown } ? { session: string } : unknown) &
  (O extends { idempotencyKey: true } ? { idempotencyKey: string } : unknown) &
  (O extends { ifMatch: 'required' }
    ? { ifMatch: string }
    : O extends { ifMatch: 'optional' }
      ? { ifMatch?: string }
      : unknown)

/** A success: its status, its checked body and its headers. */
export type Answer<O extends Operation> = { status: number; body: SuccessOf<O>; headers: Headers }

/** The operations of an API as functions. */
export type Client<A extends Api> = {
  [Name in keyof A['operations']]: (
    input: InputOf<A['operations'][Name]>,
  ) => Promise<Answer<A['operations'][Name]>>
}

/** The address of the service and the time to wait for it. */
export type ClientOptions = {
  baseUrl: string
  apiKey?: string
  /** For one attempt; the default is 1,500 ms. */
  timeoutMs?: number
  /** Further attempts for calls that may be repeated; the default is 2. */
  retriesMax?: number
  /** For all attempts together; the default is 2,000 ms, or the deadline of one attempt if that is longer. */
  deadlineMs?: number
}

type Input = {
  params?: Record<string, string>
  query?: Record<string, string | undefined>
  body?: unknown
  contentType?: string
  session?: string
  idempotencyKey?: string
  ifMatch?: string
}

const ATTEMPT_TIMEOUT_MS = 1_500
/** Our own callers are promised an answer within two seconds, even when the services we call are silent. */
const DEADLINE_MS = 2_000
const RETRIES_MAX = 2

/**
 * A client of a service, typed by its API. Each call has a deadline. A call that is safe to repeat is tried up to two
 * more times while there is time. A service that cannot be reached is left alone for a moment (`callPolicyOf`). Every
 * answer is checked against its schema before it is passed on.
 *
 * @throws {RemoteProblem} when the service refuses; look at its `code`.
 * @throws {DependencyUnavailable} when it cannot be reached, fails, or answers nonsense.
 */
export function clientOf<A extends Api>(api: A, options: ClientOptions): Client<A> {
  const { timeoutMs = ATTEMPT_TIMEOUT_MS, deadlineMs = DEADLINE_MS, retriesMax = RETRIES_MAX } = options
  const execute = callPolicyOf(api.service, { deadlineMs: Math.max(timeoutMs, deadlineMs), retriesMax })
  const calls = Object.entries<Operation>(api.operations).map(([name, operation]) => {
    const isRepeatable = operation.method !== 'POST' || operation.idempotencyKey === true
    const call = async (input: Input) => {
      refuseInsideTransaction(`call ${api.service}`)
      const attempt = (signal: AbortSignal) =>
        inSpan(
          () => callSpan(operation, options.baseUrl),
          () => send(api, operation, input, { ...options, signal }),
        )
      return await execute(attempt, { isRepeatable })
    }
    return [name, call]
  })
  // Each function has the types of its operation's schemas, because `send` checks the answer against them.
  return Object.fromEntries(calls) as Client<A>
}

/** One attempt at a call as a span. The address is left out but for the server: it holds ids. */
function callSpan({ method, path }: Operation, baseUrl: string): SpanDescription {
  const { hostname, port, protocol } = new URL(baseUrl)
  return {
    name: `${method} ${path}`,
    kind: 'client',
    attributes: {
      'http.request.method': method,
      'url.template': path,
      'server.address': hostname,
      'server.port': Number(port || (protocol === 'https:' ? 443 : 80)),
    },
  }
}

async function send(
  api: Api,
  operation: Operation,
  input: Input,
  options: ClientOptions & { signal: AbortSignal },
): Promise<Answer<Operation>> {
  let response: Response
  let content: Uint8Array
  try {
    response = await fetch(urlOf(operation, input, options.baseUrl), {
      method: operation.method,
      headers: headersOf(operation, input, options.apiKey),
      body: bodyOf(operation, input),
      redirect: 'error',
      signal: AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs ?? ATTEMPT_TIMEOUT_MS)]),
    })
    content = new Uint8Array(await response.arrayBuffer())
    noteInSpan(() => ({ attributes: { 'http.response.status_code': response.status } }))
  } catch (cause) {
    throw new Unreachable(api.service, { cause })
  }
  if (answersPicture(operation) && response.ok)
    return { status: response.status, body: content, headers: response.headers } as never
  const body = content.byteLength === 0 ? undefined : parsed(api, content)
  if (!response.ok) throw failure(api, operation, response, body)
  const schema = operation.response[response.status]
  if (schema && !validatorOf(schema).Check(body)) {
    throw new DependencyUnavailable(api.service, {
      cause: new Error(`the answer to ${operation.method} ${operation.path} breaks its schema`),
    })
  }
  return { status: response.status, body, headers: response.headers } as never
}

type Validator = ReturnType<typeof getSchemaValidator>
const validators = new WeakMap<Schema, Validator>()

/** Checks the members that a schema names and ignores others. Compiled once, because that takes a millisecond. */
function validatorOf(schema: Schema): Validator {
  const known = validators.get(schema)
  if (known) return known
  const made = getSchemaValidator(schema as never, { normalize: false, additionalProperties: true })
  validators.set(schema, made)
  return made
}

function urlOf(operation: Operation, input: Input, baseUrl: string): URL {
  const path = operation.path.replaceAll(/:([A-Za-z]+)/g, (_, name: string) =>
    encodeURIComponent(input.params?.[name] ?? ''),
  )
  const url = new URL(path, baseUrl)
  for (const [name, value] of Object.entries(input.query ?? {}))
    if (value !== undefined) url.searchParams.set(name, value)
  return url
}

function headersOf(operation: Operation, input: Input, apiKey: string | undefined): Headers {
  const headers = new Headers({ accept: 'application/json, image/*' })
  const trace = currentTrace()
  headers.set('traceparent', nextTraceparent(trace?.traceparent))
  if (trace) headers.set('x-request-id', trace.requestId)
  if (apiKey) headers.set('x-api-key', apiKey)
  if (input.session) headers.set('session', input.session)
  if (input.idempotencyKey) headers.set('idempotency-key', input.idempotencyKey)
  if (input.ifMatch) headers.set('if-match', input.ifMatch)
  if (operation.imageBodyBytesMax && input.contentType) headers.set('content-type', input.contentType)
  if (operation.body) headers.set('content-type', 'application/json')
  return headers
}

function bodyOf(operation: Operation, { body }: Input): string | Uint8Array<ArrayBuffer> | null {
  if (operation.imageBodyBytesMax && body instanceof Uint8Array) return new Uint8Array(body)
  return operation.body ? JSON.stringify(body) : null
}

function parsed(api: Api, content: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(content))
  } catch (cause) {
    throw new Unreachable(api.service, { cause })
  }
}

/** A refusal is for the caller to act on. A failure of the service, or of our own key, is not. */
function failure(api: Api, operation: Operation, response: Response, body: unknown): Error {
  const retryAfter = Number(response.headers.get('retry-after'))
  const retryAfterSeconds = retryAfter > 0 ? retryAfter : undefined
  const problem = typeof body === 'object' && body !== null ? { ...body } : {}
  const code: unknown = 'code' in problem ? problem.code : undefined
  const problemOfOurs = new RemoteProblem(api.service, response.status, problem, retryAfterSeconds)
  const keyRefused =
    typeof operation.access === 'object' &&
    'key' in operation.access &&
    (code === 'unauthenticated' || code === 'forbidden')
  const why = { cause: problemOfOurs, retryAfterSeconds: retryAfterSeconds ?? 1 }
  if (typeof code !== 'string') return new Unreachable(api.service, why)
  if (response.status >= 500 || keyRefused) return new DependencyUnavailable(api.service, why)
  return problemOfOurs
}
