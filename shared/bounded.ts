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

/**
 * Lets so many requests in at once and turns the others away at the door, where it costs nothing: a service that
 * takes in more than it can answer ends up answering nobody in time.
 *
 * The function throws {DomainError} overloaded when it is full.
 */
export function roomFor(atOnceMax: number): <T>(job: () => Promise<T>) => Promise<T> {
  let inside = 0
  return async (job) => {
    if (inside >= atOnceMax)
      throw new DomainError('overloaded', 'Nothing was changed; try again shortly', { retryAfterSeconds: 1 })
    inside++
    try {
      return await job()
    } finally {
      inside--
    }
  }
}
