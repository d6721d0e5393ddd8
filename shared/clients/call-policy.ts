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

/** The other side gave no answer of its own: none in time, or one of a proxy in front of it. */
export class Unreachable extends DependencyUnavailable {}

/** Runs calls of one client: each in time, and again where it may be repeated. */
export type CallPolicy = <T>(
  call: (signal: AbortSignal) => Promise<T>,
  options: { isRepeatable: boolean },
) => Promise<T>

const FAILURES_MAX = 5
const LEFT_ALONE_MS = 2_000
const PAUSE_MS = { initialDelay: 50, maxDelay: 400 }

/**
 * How the calls of one client are made: each within `deadlineMs`, repeated at the most `retriesMax` times. After five
 * in a row that could not reach the other side nothing is sent for two seconds, so that a service that is down is not
 * also overrun. One that answers is not down, however often it fails: a single broken product closes no shop.
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
        // The time may run out in the pause before a repetition, which comes all the same. Nothing is sent any more
        // then, so nothing has failed.
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
