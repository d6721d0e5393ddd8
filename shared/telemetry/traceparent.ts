/** A W3C trace context in its parts. */
export type TraceparentParts = { traceId: string; spanId: string; traceFlags: number }

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/

/**
 * The parts of a `traceparent` header, or undefined for none or a malformed one.
 * Format: https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function partsOf(traceparent: string | null | undefined): TraceparentParts | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? '') ?? []
  return traceId && spanId && flags ? { traceId, spanId, traceFlags: Number.parseInt(flags, 16) } : undefined
}
