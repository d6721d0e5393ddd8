import { DependencyUnavailable, OutcomeUnknown } from '@bazaar/shared/problem'

/** Handles several jobs at once: an outcome for each, in their order. */
type Work<Job, Outcome> = (jobs: Job[]) => Promise<Outcome[]>

type Waiting<Job, Outcome> = {
  job: Job
  resolve: (outcome: Outcome) => void
  reject: (error: unknown) => void
}

/**
 * Gathers jobs that would wait for the same lock: while one batch of a key is being worked on, the jobs that arrive
 * for that key become the next batch. A job that arrives alone begins at once, so no job waits longer than it would
 * for the lock. If a batch fails, its jobs are done again one by one, so that each gets its own answer. But if a
 * dependency is down, the jobs waiting behind are told so, too.
 *
 * The function throws {DependencyUnavailable}, naming `of`, when `waitingMax` jobs of the key are waiting.
 */
export function gather<Job, Outcome>(
  work: Work<Job, Outcome>,
  { of, batchMax, waitingMax }: { of: string; batchMax: number; waitingMax: number },
): (key: string, job: Job) => Promise<Outcome> {
  const queues = new Map<string, Waiting<Job, Outcome>[]>()

  async function drain(key: string, queue: Waiting<Job, Outcome>[]): Promise<void> {
    while (queue.length > 0) {
      const isUsable = await settle(queue.splice(0, batchMax), work)
      if (!isUsable) {
        const error = new DependencyUnavailable(of)
        for (const { reject } of queue.splice(0)) reject(error)
      }
    }
    queues.delete(key)
  }

  return (key, job) =>
    new Promise((resolve, reject) => {
      const queue = queues.get(key)
      if (queue && queue.length >= waitingMax) {
        reject(new DependencyUnavailable(of))
        return
      }
      const waiting = { job, resolve, reject }
      if (queue) {
        queue.push(waiting)
        return
      }
      const begun = [waiting]
      queues.set(key, begun)
      void drain(key, begun)
    })
}

/** Works on one batch and answers each of its jobs. False when a dependency of the work is down. */
async function settle<Job, Outcome>(
  batch: Waiting<Job, Outcome>[],
  work: Work<Job, Outcome>,
): Promise<boolean> {
  try {
    const outcomes = await work(batch.map(({ job }) => job))
    for (const [index, { resolve, reject }] of batch.entries()) {
      const outcome = outcomes[index]
      if (outcome === undefined) reject(new Error('a job of a batch got no outcome'))
      else resolve(outcome)
    }
    return true
  } catch (error) {
    const isUnusable = error instanceof DependencyUnavailable || error instanceof OutcomeUnknown
    if (isUnusable || batch.length === 1) {
      for (const { reject } of batch) reject(error)
      return !isUnusable
    }
    let isUsable = true
    for (const waiting of batch) isUsable = (await settle([waiting], work)) && isUsable
    return isUsable
  }
}
