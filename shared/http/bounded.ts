import { BulkheadRejectedError, bulkhead } from 'cockatiel'
import { DomainError } from '../problem.ts'

/** The limits of some work: how many run at once, how many may wait, and the refusal that later callers get. */
export type Bounds = {
  atOnceMax: number
  waitingMax: number
  busy: string
  /** Milliseconds on a clock that never goes back; for tests. */
  now?: () => number
}

/** A caller that has waited this long has no time left for the work itself and may already have hung up. */
const WAITED_MS_MAX = 2_000

/**
 * A place among the running work. Work that only waits for another party gives its place up and goes on without one.
 */
export type Place = { leave: () => void }

/**
 * Bounds work that only gets slower when more of it runs at once: some runs, some waits its turn, and the rest is
 * refused promptly, so that accepted work is answered in time. Work that has waited too long is refused as well,
 * because after a retry storm all of it would otherwise be for callers that are gone.
 *
 * The function throws {DomainError} too-many-requests when too much is waiting, or when it waited too long.
 */
export function bounded(bounds: Bounds): <T>(job: (place: Place) => Promise<T>) => Promise<T> {
  const { atOnceMax, waitingMax, busy, now = () => performance.now() } = bounds
  const work = bulkhead(atOnceMax, waitingMax)
  const refusal = (cause?: unknown) =>
    new DomainError('too-many-requests', busy, { retryAfterSeconds: 2, cause })
  return async (job) => {
    const askedAt = now()
    const left = Promise.withResolvers<void>()
    try {
      const { done } = await work.execute(async () => {
        if (now() - askedAt > WAITED_MS_MAX) throw refusal()
        const done = job({ leave: left.resolve })
        await Promise.race([done, left.promise])
        return { done }
      })
      return await done
    } catch (error) {
      if (!(error instanceof BulkheadRejectedError)) throw error
      throw refusal(error)
    }
  }
}

/**
 * Lets a limited number of requests in at once and turns the others away at the door, where it costs nothing. A
 * service that takes in more than it can answer ends up answering nobody in time.
 *
 * The function takes a place and returns a function that gives it back. It throws {DomainError} overloaded when there
 * is none.
 */
export function roomFor(atOnceMax: number): () => () => void {
  let inside = 0
  return () => {
    if (inside >= atOnceMax)
      throw new DomainError('overloaded', 'Too busy, nothing was changed; try again shortly', {
        retryAfterSeconds: 1,
      })
    inside += 1
    let hasLeft = false
    return () => {
      if (!hasLeft) inside -= 1
      hasLeft = true
    }
  }
}
