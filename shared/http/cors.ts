const PREFLIGHT_SECONDS = 600
const METHODS = 'GET, POST, PUT, PATCH, DELETE'
/** With those by which OpenTelemetry in a page carries its trace on: https://www.w3.org/TR/trace-context/, /baggage/. */
const REQUEST_HEADERS =
  'content-type, session, x-api-key, idempotency-key, if-match, if-none-match, traceparent, tracestate, baggage, x-request-id'
const ANSWER_HEADERS =
  'etag, location, link, retry-after, idempotent-replayed, x-request-id, ratelimit, ratelimit-policy'

/** Whether a browser asks if a page may send a request, rather than sending it. */
export function isPreflight(request: Request): boolean {
  return request.method === 'OPTIONS' && request.headers.has('access-control-request-method')
}

/**
 * The headers that let web pages of the given origins call and nobody else: browsers keep the answer from the page
 * when they are missing. Cookies play no part, so `access-control-allow-credentials` is never sent.
 * Protocol: https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function corsHeaders(request: Request, origins: ReadonlySet<string>): Record<string, string> {
  const origin = request.headers.get('origin')
  if (origin === null || !origins.has(origin)) return { vary: 'origin' }
  const allowed = { vary: 'origin', 'access-control-allow-origin': origin }
  if (!isPreflight(request)) return { ...allowed, 'access-control-expose-headers': ANSWER_HEADERS }
  return {
    ...allowed,
    'access-control-allow-methods': METHODS,
    'access-control-allow-headers': REQUEST_HEADERS,
    'access-control-max-age': String(PREFLIGHT_SECONDS),
  }
}
