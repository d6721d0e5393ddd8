import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import { spanTraceparent } from './spans.ts'
import { partsOf } from './traceparent.ts'

/** The values passed on from hop to hop so that one action can be followed: the request id and W3C trace context. */
export type Trace = {
  requestId: string
  traceparent: string
  /** The subject of a request without a logged-in caller, such as a log-in attempt. For the audit alone. */
  subject?: string
}

const storage = new AsyncLocalStorage<Trace>()

/** Runs `work`, and everything it awaits, under the given trace, which logs and calls to other services carry. */
export function withTrace<T>(trace: Trace, work: () => T): T {
  return storage.run(trace, work)
}

/** The trace of the request or message being handled, if there is one. */
export function currentTrace(): Trace | undefined {
  return storage.getStore()
}

/** Notes the subject of the request being handled, when the caller's identity does not tell it. */
export function noteSubject(userId: string): void {
  const trace = currentTrace()
  if (trace) trace.subject = userId
}

/**
 * The trace context of this hop: that of the span around it; without spans the incoming trace id with a span id of our
 * own, or a new trace if none (or a malformed one) arrived.
 */
export function nextTraceparent(incoming: string | null | undefined): string {
  const here = spanTraceparent()
  if (here) return here
  const parts = partsOf(incoming)
  const spanId = randomBytes(8).toString('hex')
  if (!parts) return `00-${randomBytes(16).toString('hex')}-${spanId}-01`
  return `00-${parts.traceId}-${spanId}-${parts.traceFlags.toString(16).padStart(2, '0')}`
}
