import type { OperationRow } from './operation-row.ts'
import { isProblem, ProblemError, UnreachableError } from './problem.ts'
import type { Options, Prepared } from './request.ts'
import { retryAfterSecondsOf } from './retry.ts'
import { type Fetch, upload } from './upload.ts'

/** A success. */
export type Answer<Body> = {
  status: number
  body: Body
  /** Names this state of what was read or written; give it to a change as `ifMatch`. */
  etag: string | undefined
  /** Whether a request that was repeated had been carried out before. */
  isReplayed: boolean
  /** Names the request in the logs of the service. */
  requestId: string | undefined
  headers: Headers
}

/** How one attempt is made. */
export type Sending = {
  fetch: Fetch
  timeoutMs: number
  signal: AbortSignal | undefined
  onProgress: Options['onProgress']
}

/**
 * Sends a request once and reads its answer to the end.
 *
 * @throws {ProblemError} when the service refuses or fails.
 * @throws {UnreachableError} when no answer of the service came.
 * @throws the reason of the signal, when it is aborted.
 */
export async function send(
  operation: OperationRow,
  prepared: Prepared,
  sending: Sending,
): Promise<Answer<unknown>> {
  const { signal } = sending
  signal?.throwIfAborted()
  const { idempotencyKey } = prepared
  let response: Response
  let content: ArrayBuffer
  try {
    response = await exchange(prepared, sending)
    content = await response.arrayBuffer()
  } catch (cause) {
    if (signal?.aborted) throw signal.reason
    throw new UnreachableError(`No answer to ${prepared.method} ${prepared.url}`, { cause, idempotencyKey })
  }
  const { status, headers } = response
  const isPicture = response.ok && operation.answersPicture
  const body = isPicture ? new Blob([content], { type: headers.get('content-type') ?? '' }) : parsed(content)
  const circumstances = {
    idempotencyKey,
    retryAfterSeconds: retryAfterSecondsOf(headers.get('retry-after'), Date.now()),
  }
  if (!response.ok && isProblem(body)) throw new ProblemError(body, circumstances)
  if (!response.ok || body instanceof Error)
    throw new UnreachableError(`Something else answered ${prepared.url}: ${status}`, circumstances)
  return {
    status,
    body,
    headers,
    etag: headers.get('etag') ?? undefined,
    isReplayed: headers.get('idempotent-replayed') === 'true',
    requestId: headers.get('x-request-id') ?? undefined,
  }
}

function exchange({ url, method, headers, body }: Prepared, sending: Sending): Promise<Response> {
  const { fetch, timeoutMs, onProgress } = sending
  const inTime = AbortSignal.timeout(timeoutMs)
  const signal = sending.signal ? AbortSignal.any([sending.signal, inTime]) : inTime
  if (onProgress && body instanceof Blob)
    return upload({ fetch, url, method, headers, body, signal, onProgress })
  // A session must not follow a redirect to another place, and cookies play no part.
  return fetch(url, { method, headers, body: body ?? null, signal, redirect: 'error', credentials: 'omit' })
}

/** The JSON of an answer, or what is wrong with it. */
function parsed(content: ArrayBuffer): unknown {
  if (content.byteLength === 0) return undefined
  try {
    return JSON.parse(new TextDecoder().decode(content))
  } catch (error) {
    return error
  }
}
