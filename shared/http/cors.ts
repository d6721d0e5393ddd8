import { Elysia } from 'elysia'
import { answerHeaders } from '../api/headers.ts'

const PREFLIGHT_SECONDS = 600
const METHODS = 'GET, POST, PUT, PATCH, DELETE'
/**
 * Includes the headers with which OpenTelemetry in a page passes its trace on: https://www.w3.org/TR/trace-context/,
 * /baggage/.
 */
const REQUEST_HEADERS =
  'content-type, session, x-api-key, idempotency-key, if-match, if-none-match, traceparent, tracestate, baggage, x-request-id'
const ANSWER_HEADERS = Object.keys(answerHeaders).join(', ').toLowerCase()

/**
 * Lets web pages of the given origins call. @elysiajs/cors would name methods and headers in every answer, even for
 * unknown origins and callers that are not web pages. It would also answer every OPTIONS, where ours are 405 unless a
 * browser asks.
 */
export function cors(origins: readonly string[]) {
  const allowed = new Set(origins)
  return new Elysia({ name: 'cors', seed: origins }).onRequest(({ request, set }) => {
    Object.assign(set.headers, corsHeaders(request, allowed))
    return isPreflight(request) ? new Response(null, { status: 204 }) : undefined
  })
}

/** Whether this is a browser asking if a page may send a request. */
function isPreflight(request: Request): boolean {
  return request.method === 'OPTIONS' && request.headers.has('access-control-request-method')
}

/**
 * The headers that let web pages of the given origins call, and no others: if they are missing, browsers keep the
 * answer from the page. Cookies play no part, so `access-control-allow-credentials` is never sent. Protocol:
 * https://fetch.spec.whatwg.org/#http-cors-protocol
 */
function corsHeaders(request: Request, origins: ReadonlySet<string>): Record<string, string> {
  const origin = request.headers.get('origin')
  if (origin === null || !origins.has(origin)) return {}
  const allowed = { 'access-control-allow-origin': origin }
  if (!isPreflight(request)) return { ...allowed, 'access-control-expose-headers': ANSWER_HEADERS }
  return {
    ...allowed,
    'access-control-allow-methods': METHODS,
    'access-control-allow-headers': REQUEST_HEADERS,
    'access-control-max-age': String(PREFLIGHT_SECONDS),
  }
}
