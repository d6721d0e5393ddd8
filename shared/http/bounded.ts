import { BulkheadRejectedError, bulkhead } from 'cockatiel'
import { DomainError } from '../problem.ts'

/** How much of some work is done at once, how much may wait, and what whoever comes later is told. */
export type Bounds = {
  atOnceMax: number
  waitingMax: number
  busy: string
  /** Milliseconds by a clock that never goes back; for tests. */
  now?: () => number
}

/** Who has waited for so long has not the time left for the work itself, and may have gone away already. */
const WAITED_MS_MAX = 2_000

/** A place among those at work. Who only waits for somebody else leaves it, and goes on without one. */
export type Place = { leave: () => void }

/**
 * Bounds work that only gets slower when more of it is done at once: some is done, some waits its turn, and
 * the rest is refused promptly, so that what was accepted is answered in time. What has waited too long is refused as
 * well, and not done: after a retry storm all work would else be for callers that are gone.
 *
 * The function throws {DomainError} too-many-requests when too much is waiting, or waited too long.
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
 * Lets so many requests in at once and turns the others away at the door, where it costs nothing: a service that
 * takes in more than it can answer ends up answering nobody in time.
 *
 * The function takes a place and answers how to leave it. It throws {DomainError} overloaded when there is none.
 */
export function roomFor(atOnceMax: number): () => () => void {
  let inside = 0
  return () => {
    if (inside >= atOnceMax)
      throw new DomainError('overloaded', 'Nothing was changed; try again shortly', { retryAfterSeconds: 1 })
    inside += 1
    let hasLeft = false
    return () => {
      if (!hasLeft) inside -= 1
      hasLeft = true
    }
  }
}
