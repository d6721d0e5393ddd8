import { Semaphore } from 'async-mutex'
import { DomainError } from '../problem.ts'

/** The limits of some work: how many run at once, how many may wait, and the refusal that later callers get. */
export type Bounds = {
  atOnceMax: number
  /**
   * So many run at once in the beginning, and while they are slow; `atOnceMax` unless given. More at once may be done
   * faster, but on a busy machine each takes longer, until none is done in time.
   */
  atOnceLeast?: number
  waitingMax: number
  busy: string
  /** Milliseconds on a clock that never goes back; for tests. */
  now?: () => number
}

/** Work that takes longer is slow: that leaves half of its time to what it waits for. */
const SLOW_MS = 1_000
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
  const { atOnceMax, atOnceLeast = atOnceMax, waitingMax, busy, now = () => performance.now() } = bounds
  const places = new Semaphore(atOnceLeast)
  let placesCount = atOnceLeast
  let waiting = 0
  const refusal = () => new DomainError('too-many-requests', busy, { retryAfterSeconds: 2 })

  function changePlaces(by: number): void {
    const count = Math.min(Math.max(placesCount + by, atOnceLeast), atOnceMax)
    places.setValue(places.getValue() + count - placesCount)
    placesCount = count
  }

  async function inPlace<T>(job: (place: Place) => Promise<T>): Promise<{ done: Promise<T> }> {
    const begunAt = now()
    const left = Promise.withResolvers<void>()
    const done = job({ leave: left.resolve })
    try {
      await Promise.race([done, left.promise])
      if (now() - begunAt <= SLOW_MS) changePlaces(1)
      return { done }
    } finally {
      if (now() - begunAt > SLOW_MS) changePlaces(-1)
    }
  }

  return async (job) => {
    const mustWait = places.isLocked()
    if (mustWait && waiting >= waitingMax) throw refusal()
    const askedAt = now()
    if (mustWait) waiting += 1
    const [, leave] = await places.acquire()
    if (mustWait) waiting -= 1
    let placed: { done: ReturnType<typeof job> }
    try {
      if (mustWait && now() - askedAt > WAITED_MS_MAX) throw refusal()
      placed = await inPlace(job)
    } finally {
      leave()
    }
    return await placed.done
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
