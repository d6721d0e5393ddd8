import {
  BrokenCircuitError,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleType,
  type IPolicy,
  retry,
  TaskCancelledError,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel'
import { DependencyUnavailable } from '../problem.ts'

/** The other service gave no answer of its own: none came in time, or a proxy in front of it answered. */
export class Unreachable extends DependencyUnavailable {}

/** Runs one client's calls: each within its deadline, and again where that is allowed. */
export type CallPolicy = <T>(
  call: (signal: AbortSignal) => Promise<T>,
  options: { isRepeatable: boolean },
) => Promise<T>

const FAILURES_MAX = 5
const LEFT_ALONE_MS = 2_000
const PAUSE_MS = { initialDelay: 50, maxDelay: 400 }

/**
 * Makes the calls of one client: each within `deadlineMs`, repeated at most `retriesMax` times. After five calls in a
 * row that could not reach the service, nothing is sent for two seconds, so that a service that is down is not
 * overrun as well. A service that answers is not down, however often it fails: one broken product must not close the
 * shop.
 */
export function callPolicyOf(
  service: string,
  { deadlineMs, retriesMax }: { deadlineMs: number; retriesMax: number },
): CallPolicy {
  const breaker = circuitBreaker(handleType(Unreachable), {
    halfOpenAfter: LEFT_ALONE_MS,
    breaker: new ConsecutiveBreaker(FAILURES_MAX),
  })
  const inTime = timeout(deadlineMs, TimeoutStrategy.Aggressive)
  const again = retry(handleType(DependencyUnavailable), {
    maxAttempts: retriesMax,
    backoff: new ExponentialBackoff(PAUSE_MS),
  })
  const repeated = wrap(inTime, again)

  return async (call, { isRepeatable }) => {
    const policy: IPolicy = isRepeatable ? repeated : inTime
    try {
      return await policy.execute(({ signal }) => {
        // If the time runs out in the pause before a retry, the retry still starts. Nothing is sent then, so this is
        // not a failure of the service.
        if (signal.aborted) throw new TaskCancelledError()
        return breaker.execute((sending) => call(sending.signal), signal)
      })
    } catch (error) {
      if (error instanceof TaskCancelledError) throw new DependencyUnavailable(service, { cause: error })
      if (error instanceof BrokenCircuitError)
        throw new DependencyUnavailable(service, { cause: error, retryAfterSeconds: LEFT_ALONE_MS / 1_000 })
      throw error
    }
  }
}
