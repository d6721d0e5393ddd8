import { randomUUID } from 'node:crypto'
import type { Guards, KeyHolder, Session } from '../auth/admission.ts'
import { currentTrace, nextTraceparent, type Trace } from '../telemetry/trace.ts'
import type { RateLimiter } from './rate-limit.ts'

/** The hurdles of a request: who is calling, how often, and how many requests are already being answered. */
export type Door = {
  guards: Guards
  /** Counts requests; without it nobody is limited. */
  rateLimiter?: RateLimiter | undefined
  /** Takes a place among the requests being answered; the result gives it back. */
  enter: () => () => void
}

/** The state kept for one request while it is being answered. */
export type Exchange = Trace & {
  door: Door
  startedAt: number
  /** The name of the operation, once the router has found it. */
  operation?: string
  caller?: Session | KeyHolder | undefined
  /** The address the request comes from, as far as it can be trusted. */
  address: string
  /** Gives back the place taken at the door. */
  leave?: () => void
  /** The status of a failure, which Elysia does not know if the answer is one of our own Responses. */
  status?: number
  code?: string
}

/** Begins the exchange of a request that arrived at the door. */
export function beginExchange(request: Request, door: Door): Exchange {
  const incoming = request.headers.get('x-request-id')
  return {
    door,
    requestId:
      incoming && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(incoming) ? incoming : randomUUID(),
    traceparent: nextTraceparent(request.headers.get('traceparent')),
    startedAt: performance.now(),
    address: 'unknown',
  }
}

/**
 * The exchange being answered. It is also the trace that logs and calls to other services carry, in the same
 * AsyncLocalStorage: those are made far from Elysia's context, in functions that know nothing about HTTP.
 */
export function currentExchange(): Exchange {
  const trace = currentTrace()
  if (!isExchange(trace)) throw new Error('Cannot answer outside a frame: there is no exchange')
  return trace
}

function isExchange(trace: Trace | undefined): trace is Exchange {
  return trace !== undefined && 'door' in trace
}

/** The headers that every answer has. Public answers replace `cache-control`. */
export function commonHeaders(exchange: Exchange): Record<string, string> {
  return {
    'x-request-id': exchange.requestId,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'cross-origin',
    'cache-control': 'no-store',
    // Which pages may read an answer depends on their origin (`cors.ts`).
    vary: 'origin',
  }
}
