import { ProblemError, UnreachableError } from './problem.ts'

/** How often and how patiently a request is repeated. */
export type RetryLimits = { attemptsMax: number; retryAfterMaxSeconds: number }

/** Problems that pass by themselves: the same request may succeed later. */
const PASSING_CODES = [
  'too-many-requests',
  'overloaded',
  'dependency-unavailable',
  'outcome-unknown',
  'idempotency-key-in-use',
  'request-too-slow',
]
const FIRST_PAUSE_MS = 200
const LONGEST_PAUSE_MS = 5_000

/**
 * How long to wait before the next attempt, in milliseconds; undefined when there is none: the failure will not pass,
 * there were enough attempts, or the service asks for more patience than is allowed.
 *
 * @param chance 0 to 1; spreads those who were turned away together.
 */
export function pauseMsBefore(
  error: unknown,
  { attempts, limits, chance }: { attempts: number; limits: RetryLimits; chance: number },
): number | undefined {
  if (attempts >= limits.attemptsMax || !isPassing(error)) return undefined
  if (error.retryAfterSeconds === undefined) {
    const longestMs = Math.min(FIRST_PAUSE_MS * 2 ** (attempts - 1), LONGEST_PAUSE_MS)
    return longestMs * (0.5 + chance / 2)
  }
  if (error.retryAfterSeconds > limits.retryAfterMaxSeconds) return undefined
  return error.retryAfterSeconds * 1_000 + chance * FIRST_PAUSE_MS
}

function isPassing(error: unknown): error is ProblemError | UnreachableError {
  if (error instanceof UnreachableError) return true
  return error instanceof ProblemError && PASSING_CODES.includes(error.problem.code)
}

/** What `Retry-After` says, in seconds: a number of them, or a date (RFC 9110, 10.2.3). */
export function retryAfterSecondsOf(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined
  if (/^\d+$/.test(header.trim())) return Number(header)
  const atMs = Date.parse(header)
  return Number.isNaN(atMs) ? undefined : Math.max(0, (atMs - nowMs) / 1_000)
}

/**
 * Waits.
 * @throws the reason of the signal, when it is aborted meanwhile.
 */
export function pause(forMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, forMs)
    signal?.addEventListener('abort', stop, { once: true })
  })
}
