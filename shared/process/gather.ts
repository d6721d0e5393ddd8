import { AsyncLocalStorage } from 'node:async_hooks'
import { DependencyUnavailable, OutcomeUnknown, RowHeld } from '../problem.ts'

/** Whether work waits again for a row that somebody else holds, or gives up with {RowHeld}. */
export type Patience = { isPatient: boolean }

/** Does several jobs together: an outcome for each, in their order. An error is the outcome of one job alone. */
type Work<Job, Outcome> = (jobs: Job[], patience: Patience) => Promise<(Outcome | Error)[]>

/** What bounds the batches, and what waits. */
export type GatherOptions<Job> = {
  /** The dependency that is named when too many jobs wait. */
  of: string
  /** The sizes of the jobs of a batch add up to this at most. A job that is larger is done alone. */
  batchMax: number
  waitingMax: number
  /** The number of batches under way; one unless given. */
  atOnce?: number
  /** The size of a job; one unless given. */
  sizeOf?: (job: Job) => number
  /** The first thing that a job has to wait for. Jobs that share it are never in two batches at a time. */
  keyOf?: (job: Job) => string
  /** Jobs of different keys are never in one batch either, and a batch that fails says nothing of other keys. */
  isKeyedApart?: boolean
  /** All jobs of a batch wait for the same rows, so none of them keeps the others waiting. */
  isPatient?: boolean
}

type Waiting<Job, Outcome> = {
  job: Job
  key: string | undefined
  /** Runs a function as part of the request that the job belongs to, so that logs and calls carry its id. */
  within: <T>(work: () => T) => T
  resolve: (outcome: Outcome) => void
  reject: (error: unknown) => void
}

/**
 * Gathers jobs that would cost a transaction or a call each: while one batch is under way, the jobs that arrive become
 * the next one. A job that arrives alone begins at once. Each job has an outcome of its own. A batch that fails is done
 * again in halves, down to the job that makes it fail. But if a dependency is down, all that wait are told so, too.
 *
 * A batch does not wait for rows that somebody else holds: then its jobs are done one by one, beside the other batches,
 * and each waits for itself.
 *
 * The function throws {DependencyUnavailable}, naming `of`, when `waitingMax` jobs are waiting.
 */
export function gather<Job, Outcome>(
  work: Work<Job, Outcome>,
  options: GatherOptions<Job>,
): (job: Job) => Promise<Outcome> {
  const { of, batchMax, waitingMax, atOnce = 1, sizeOf = () => 1, keyOf } = options
  const { isKeyedApart = false, isPatient = false } = options
  const alone = isPatient ? undefined : eachAlone(work, { of, waitingMax })
  let waiting: Waiting<Job, Outcome>[] = []
  let underWay = 0
  let isBeginning = false
  const busy = new Set<string>()

  /** Takes the jobs that have waited longest. Those that would wait for another batch stay where they are. */
  function nextBatch(): Waiting<Job, Outcome>[] {
    const batch: Waiting<Job, Outcome>[] = []
    let size = 0
    waiting = waiting.filter((one) => {
      const isFree = one.key === undefined || !busy.has(one.key)
      const fits = batch.length === 0 || size + sizeOf(one.job) <= batchMax
      if (!isFree || !fits || !mayJoin(batch, one)) return true
      size += sizeOf(one.job)
      batch.push(one)
      return false
    })
    return batch
  }

  /** Whether a job concerns a batch: it may share it, and hears of it when it fails. */
  function mayJoin([first]: Waiting<Job, Outcome>[], one: Waiting<Job, Outcome>): boolean {
    return !isKeyedApart || first === undefined || first.key === one.key
  }

  function begin(): void {
    while (underWay < atOnce) {
      const batch = nextBatch()
      if (batch.length === 0) return
      void run(batch)
    }
  }

  async function run(batch: Waiting<Job, Outcome>[]): Promise<void> {
    const keys = batch.flatMap(({ key }) => key ?? [])
    for (const key of keys) busy.add(key)
    underWay += 1
    const isUsable = await settle(batch, { work, alone })
    underWay -= 1
    for (const key of keys) busy.delete(key)
    if (!isUsable) {
      const error = new DependencyUnavailable(of)
      const behind = waiting.filter((one) => mayJoin(batch, one))
      waiting = waiting.filter((one) => !mayJoin(batch, one))
      for (const { reject } of behind) reject(error)
    }
    begin()
  }

  return (job) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= waitingMax) {
        reject(new DependencyUnavailable(of))
        return
      }
      waiting.push({ job, key: keyOf?.(job), within: AsyncLocalStorage.snapshot(), resolve, reject })
      if (isBeginning || underWay === atOnce) return
      // Jobs of the same turn of the event loop come together: an answer for many is followed by their next steps.
      isBeginning = true
      setImmediate(() => {
        isBeginning = false
        begin()
      })
    })
}

/** At most this many jobs that wait for rows, each for itself, are under way: others need connections, too. */
const ALONE_AT_ONCE = 4

/** Does jobs one by one, each of which has only itself to wait for, and says nothing of the others. */
function eachAlone<Job, Outcome>(
  work: Work<Job, Outcome>,
  limits: { of: string; waitingMax: number },
): (job: Job) => Promise<Outcome> {
  let count = 0
  const keyOf = () => String(count++)
  return gather(work, {
    ...limits,
    batchMax: 1,
    atOnce: ALONE_AT_ONCE,
    keyOf,
    isKeyedApart: true,
    isPatient: true,
  })
}

/** How jobs are done together, and how those that wait for rows are done. */
type Ways<Job, Outcome> = {
  work: Work<Job, Outcome>
  alone: ((job: Job) => Promise<Outcome>) | undefined
}

/** Does one batch and answers each of its jobs. False when a dependency of the work is down. */
async function settle<Job, Outcome>(
  batch: Waiting<Job, Outcome>[],
  ways: Ways<Job, Outcome>,
): Promise<boolean> {
  const { work, alone } = ways
  const [first] = batch
  if (!first) return true
  try {
    const patience = { isPatient: alone === undefined }
    const jobs = batch.map(({ job }) => job)
    const outcomes = await first.within(() => work(jobs, patience))
    if (outcomes.length !== batch.length) throw new Error('not every job of a batch has an outcome')
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome instanceof Error) batch[index]?.reject(outcome)
      else batch[index]?.resolve(outcome)
    }
    return true
  } catch (error) {
    if (error instanceof RowHeld && alone) {
      for (const { job, within, resolve, reject } of batch) within(() => alone(job)).then(resolve, reject)
      return true
    }
    const isUnusable = error instanceof DependencyUnavailable || error instanceof OutcomeUnknown
    if (isUnusable || batch.length === 1) {
      for (const { reject } of batch) reject(error)
      return !isUnusable
    }
    const half = Math.ceil(batch.length / 2)
    const isUsable = await settle(batch.slice(0, half), ways)
    return (await settle(batch.slice(half), ways)) && isUsable
  }
}

/** The same with queues for each thing that jobs are done on, such as a database. It is the first argument then. */
export function gatherOn<Owner extends object, Job, Outcome>(
  work: (owner: Owner, ...rest: Parameters<Work<Job, Outcome>>) => Promise<(Outcome | Error)[]>,
  options: GatherOptions<Job>,
): (owner: Owner, job: Job) => Promise<Outcome> {
  const queues = new WeakMap<Owner, (job: Job) => Promise<Outcome>>()
  return (owner, job) => {
    const queue = queues.get(owner) ?? gather<Job, Outcome>((...rest) => work(owner, ...rest), options)
    queues.set(owner, queue)
    return queue(job)
  }
}
