import type { OperationRow } from './operation-row.ts'
import type { Progress } from './upload.ts'

/** Everything that an operation takes for its path, query and body. */
export type Input = Record<string, unknown>

/** What a call can be told besides its input. */
export type Options = {
  /** Ends the call, even between two attempts; the call then throws the signal's reason. */
  signal?: AbortSignal | undefined
  /** For one attempt; that of the client when not given. */
  timeoutMs?: number | undefined
  /** Headers of your own, such as `traceparent`. */
  headers?: Record<string, string> | undefined
  /** The key of an earlier call that this one repeats; a new random one when not given. */
  idempotencyKey?: string | undefined
  /** The `etag` of what you read: the change is refused if somebody else has changed it since. */
  ifMatch?: string | undefined
  /**
   * How long a request that is still being worked on (202) is repeated under its key. If the time runs out first, the
   * answer is that 202; nothing is lost. When not given, the 202 is answered at once.
   */
  settleWithinMs?: number | undefined
  /** Called with how much of the picture has been sent. */
  onProgress?: ((progress: Progress) => void) | undefined
}

/** A request that is ready to be sent, as often as need be. */
export type Prepared = {
  url: string
  method: string
  headers: Headers
  body: string | Blob | undefined
  idempotencyKey: string | undefined
}

/** Puts a request together. `session` is that of whoever is logged in. */
export function prepare(
  operation: OperationRow,
  {
    baseUrl,
    input,
    options,
    session,
  }: { baseUrl: string; input: Input; options: Options; session: string | undefined },
): Prepared {
  const rest = { ...input }
  const path = operation.path.replaceAll(/:([A-Za-z]+)/g, (_, name: string) => {
    const value = rest[name]
    delete rest[name]
    if (typeof value !== 'string' || value === '') throw new TypeError(`Say which ${name} is meant`)
    return encodeURIComponent(value)
  })
  const { headers, idempotencyKey } = headersOf(operation, options, session)
  const body = bodyOf(operation, rest)
  if (body !== undefined) headers.set('content-type', body instanceof Blob ? body.type : 'application/json')
  const query = operation.method === 'GET' ? queryOf(rest) : ''
  return {
    url: `${baseUrl.replace(/\/+$/, '')}${path}${query}`,
    method: operation.method,
    headers,
    body,
    idempotencyKey,
  }
}

function headersOf(operation: OperationRow, options: Options, session: string | undefined) {
  const headers = new Headers({ accept: 'application/json, image/*', ...options.headers })
  const idempotencyKey = operation.takesKey ? (options.idempotencyKey ?? newKey()) : undefined
  if (operation.needsSession && session) headers.set('session', session)
  if (idempotencyKey) headers.set('idempotency-key', idempotencyKey)
  if (options.ifMatch) headers.set('if-match', options.ifMatch)
  return { headers, idempotencyKey }
}

function bodyOf(operation: OperationRow, rest: Input): string | Blob | undefined {
  if (operation.sends === 'json') return JSON.stringify(rest)
  if (operation.sends !== 'picture') return undefined
  const { image } = rest
  if (image instanceof Blob && image.type !== '') return image
  // The service looks at what it is, and not at what it is called; but it must be called a picture.
  return new Blob([image as BlobPart], { type: 'image/png' })
}

function queryOf(rest: Input): string {
  const given = Object.entries(rest).filter(([, value]) => value !== undefined)
  const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)]))
  return given.length === 0 ? '' : `?${query}`
}

const KEY_BYTES = 16

/** A new random Idempotency-Key. `crypto.randomUUID` is missing on pages that came over plain HTTP. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
