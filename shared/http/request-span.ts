import type { Api } from '../api/operation.ts'
import { noteInSpan, type SpanDescription } from '../telemetry/spans.ts'
import { requestUrl } from './request/url.ts'
import type { Exchange } from './request-context.ts'

/** What probes and Prometheus ask all day; nobody looks for it among the traces. */
const UNSHOWN = /^\/(health\/|metrics$)/
/** Any other word is a caller's own. */
const METHODS = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/

/**
 * A request as a span, continued from the caller's. It is named by the route once that is found; the path itself, which
 * the conventions ask for, may hold anything that somebody put there, so it is left out.
 */
export function requestSpan(request: Request): SpanDescription | undefined {
  const { pathname, protocol } = requestUrl(request)
  if (UNSHOWN.test(pathname)) return undefined
  const method = shownMethod(request)
  return {
    name: method,
    kind: 'server',
    cause: request.headers.get('traceparent'),
    attributes: { 'http.request.method': method, 'url.scheme': protocol.slice(0, -1) },
  }
}

/** Notes how a request was answered. Only a failure of ours is one of the span. */
export function noteAnswer(api: Api, exchange: Exchange, response: unknown): void {
  noteInSpan(() => {
    const route = exchange.operation && api.operations[exchange.operation]
    const status = response instanceof Response ? response.status : (exchange.status ?? 200)
    return {
      ...(route && { name: `${route.method} ${route.path}` }),
      attributes: {
        'http.response.status_code': status,
        ...(route && { 'http.route': route.path }),
        ...(status >= 500 && { 'error.type': exchange.code ?? String(status) }),
      },
    }
  })
}

function shownMethod({ method }: Request): string {
  return METHODS.test(method) ? method : '_OTHER'
}
