import { randomUUID } from 'node:crypto'
import type { KeyHolder, Session } from '../auth/admission.ts'
import { nextTraceparent, type Trace } from '../telemetry/trace.ts'

/** What the frame remembers of one request while it is being answered. */
export type Exchange = Trace & {
  startedAt: number
  /** The name of the operation, once the router found it. */
  operation?: string
  caller?: Session | KeyHolder | undefined
  /** Where the request comes from, as far as that can be believed. */
  address: string
  /** The status of a failure, which Elysia itself does not know when the answer is a Response of ours. */
  status?: number
  code?: string
}

const exchanges = new WeakMap<Request, Exchange>()

/** The exchange of a request; begun when first asked for. */
export function exchangeOf(request: Request): Exchange {
  const known = exchanges.get(request)
  if (known) return known
  const incoming = request.headers.get('x-request-id')
  const exchange: Exchange = {
    requestId:
      incoming && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(incoming) ? incoming : randomUUID(),
    traceparent: nextTraceparent(request.headers.get('traceparent')),
    startedAt: performance.now(),
    address: 'unknown',
  }
  exchanges.set(request, exchange)
  return exchange
}

/** The headers that every answer carries, whatever it is. Public answers replace `cache-control`. */
export function commonHeaders(exchange: Exchange): Record<string, string> {
  return {
    'x-request-id': exchange.requestId,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'cross-origin',
    'cache-control': 'no-store',
  }
}
