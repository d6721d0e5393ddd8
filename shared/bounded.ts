import { BulkheadRejectedError, bulkhead } from 'cockatiel'
import { DomainError } from './problem.ts'

/** How much of some work is done at once, how much may wait, and what whoever comes later is told. */
export type Bounds = { atOnceMax: number; waitingMax: number; busy: string }

/**
 * Bounds work that only gets slower when more of it is done at once: some is done, some waits its turn, and
 * the rest is refused promptly, so that what was accepted is answered in time.
 *
 * The function throws {DomainError} too-many-requests when too much is waiting.
 */
export function bounded({ atOnceMax, waitingMax, busy }: Bounds): <T>(job: () => Promise<T>) => Promise<T> {
  const work = bulkhead(atOnceMax, waitingMax)
  return async (job) => {
    try {
      return await work.execute(job)
    } catch (error) {
      if (!(error instanceof BulkheadRejectedError)) throw error
      throw new DomainError('too-many-requests', busy, { retryAfterSeconds: 2, cause: error })
    }
  }
}
