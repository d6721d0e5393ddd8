import { randomUUID } from 'node:crypto'
import type { Guards, KeyHolder, Session } from '../auth/admission.ts'
import { currentTrace, nextTraceparent, type Trace } from '../telemetry/trace.ts'
import type { RateLimiter } from './rate-limit.ts'

/** What a request has to get past: who is calling, how often, and how many are being answered already. */
export type Door = {
  guards: Guards
  /** Counts requests; when not given nobody is limited. */
  rateLimiter?: RateLimiter | undefined
  /** Takes a place among the requests that are being answered; the result gives it back. */
  enter: () => () => void
}

/** What is remembered of one request while it is being answered. */
export type Exchange = Trace & {
  door: Door
  startedAt: number
  /** The name of the operation, once the router has found it. */
  operation?: string
  caller?: Session | KeyHolder | undefined
  /** Where the request comes from, as far as that can be believed. */
  address: string
  /** Gives back the place taken at the door. */
  leave?: () => void
  /** The status of a failure, which Elysia itself does not know when the answer is a Response of ours. */
  status?: number
  code?: string
}

/** Begins the exchange of a request that came to the door. */
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
 * The exchange being answered. It is the trace that logs and calls to other services carry, and lives in the same
 * AsyncLocalStorage: these are made far from Elysia's context, in functions that know nothing of HTTP.
 */
export function currentExchange(): Exchange {
  const trace = currentTrace()
  if (!isExchange(trace)) throw new Error('Cannot answer outside of a frame: there is no exchange')
  return trace
}

function isExchange(trace: Trace | undefined): trace is Exchange {
  return trace !== undefined && 'door' in trace
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
    // Which pages may read an answer depends on theirs (`cors.ts`).
    vary: 'origin',
  }
}
