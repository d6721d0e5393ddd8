import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'

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

const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/

/**
 * The trace context of this hop: the incoming trace id with a span id of our own, or a new trace if none (or a
 * malformed one) arrived. Format: https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function nextTraceparent(incoming: string | null | undefined): string {
  const span = randomBytes(8).toString('hex')
  if (incoming && TRACEPARENT.test(incoming)) {
    const [version, traceId, , flags] = incoming.split('-')
    return `${version}-${traceId}-${span}-${flags}`
  }
  return `00-${randomBytes(16).toString('hex')}-${span}-01`
}
