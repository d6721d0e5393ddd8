import { describe, expect, test } from 'bun:test'
import { AsyncLocalStorage } from 'node:async_hooks'
import { DependencyUnavailable, RowHeld } from '../problem.ts'
import { gather, type Patience } from './gather.ts'

/** Work that waits until it is told to go on, and remembers its batches. */
function pausedWork(answer: (jobs: number[]) => number[] = (jobs) => jobs.map((job) => job * 10)) {
  const batches: number[][] = []
  const gates: (() => void)[] = []
  return {
    batches,
    goOn: () => gates.shift()?.(),
    work: async (jobs: number[]) => {
      batches.push(jobs)
      await new Promise<void>((resolve) => gates.push(resolve))
      return answer(jobs)
    },
  }
}

/** Lets everything run that is ready to. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

const LIMITS = { of: 'stock', batchMax: 9, waitingMax: 9 }

/** Goes on until nothing is under way any more. */
async function finish({ goOn }: { goOn: () => void }): Promise<void> {
  for (let turn = 0; turn < 9; turn++) {
    await settled()
    goOn()
  }
}

describe('gather()', () => {
  test('begins a job that comes alone at once, and gathers those that come meanwhile', async () => {
    const paused = pausedWork()
    const run = gather(paused.work, { ...LIMITS, batchMax: 2 })
    const alone = run(1)
    await settled()
    expect(paused.batches).toEqual([[1]])
    const later = [2, 3, 4].map((job) => run(job))
    await finish(paused)
    expect(await Promise.all([alone, ...later])).toEqual([10, 20, 30, 40])
    expect(paused.batches).toEqual([[1], [2, 3], [4]])
  })

  test('does jobs of the same turn together', async () => {
    const paused = pausedWork()
    const run = gather(paused.work, LIMITS)
    const answers = Promise.all([run(1), run(2)])
    await finish(paused)
    expect(await answers).toEqual([10, 20])
    expect(paused.batches).toEqual([[1, 2]])
  })

  test('fills a batch up to the sizes of its jobs, and does one that is larger alone', async () => {
    const paused = pausedWork()
    const run = gather(paused.work, { ...LIMITS, batchMax: 5, sizeOf: (job) => job })
    const answers = Promise.all([3, 2, 1, 7, 4].map((job) => run(job)))
    await finish(paused)
    expect(await answers).toEqual([30, 20, 10, 70, 40])
    expect(paused.batches).toEqual([[3, 2], [1, 4], [7]])
  })

  test('has as many batches under way as it may', async () => {
    const paused = pausedWork()
    const run = gather(paused.work, { ...LIMITS, batchMax: 1, atOnce: 2 })
    const answers = Promise.all([1, 2, 3].map((job) => run(job)))
    await settled()
    expect(paused.batches).toEqual([[1], [2]])
    await finish(paused)
    expect(await answers).toEqual([10, 20, 30])
  })

  test('lets jobs of one key wait for each other, and keeps nobody from the others', async () => {
    const paused = pausedWork()
    const run = gather(paused.work, {
      ...LIMITS,
      atOnce: 2,
      keyOf: (job) => (job < 10 ? 'hot' : String(job)),
    })
    const hot = [run(1)]
    await settled()
    hot.push(run(2), run(3))
    const other = run(10)
    await settled()
    expect(paused.batches).toEqual([[1], [10]])
    await finish(paused)
    expect(await Promise.all([...hot, other])).toEqual([10, 20, 30, 100])
    expect(paused.batches).toEqual([[1], [10], [2, 3]])
  })

  test('does jobs of different keys apart where it is asked to, and says nothing of other keys', async () => {
    const batches: number[][] = []
    const isDown = new Set(['odd'])
    const keyOf = (job: number) => (job % 2 === 0 ? 'even' : 'odd')
    const run = gather(
      async (jobs: number[]) => {
        batches.push(jobs)
        await settled()
        if (isDown.has(keyOf(jobs[0] ?? 0))) throw new DependencyUnavailable('database')
        return jobs
      },
      { ...LIMITS, batchMax: 2, keyOf, isKeyedApart: true },
    )
    const outcomes = await Promise.allSettled([1, 2, 3, 4, 5, 6, 7].map((job) => run(job)))
    expect(outcomes.map((one) => (one.status === 'fulfilled' ? one.value : 'down'))).toEqual([
      'down',
      2,
      'down',
      4,
      'down',
      6,
      'down',
    ])
    expect(batches).toEqual([[1, 3], [2, 4], [6]])
  })

  test('refuses whoever would wait behind too many', async () => {
    const paused = pausedWork()
    const run = gather(paused.work, { ...LIMITS, waitingMax: 1 })
    const first = run(1)
    await settled()
    const second = run(2)
    await expect(run(3)).rejects.toMatchObject({ dependency: 'stock' })
    await finish(paused)
    expect(await Promise.all([first, second])).toEqual([10, 20])
  })

  test('gives each job its own outcome, so that one is refused and no other', async () => {
    const run = gather(
      async (jobs: number[]) => jobs.map((job) => (job === 2 ? new Error('two is refused') : job)),
      LIMITS,
    )
    const outcomes = await Promise.allSettled([1, 2, 3].map((job) => run(job)))
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })

  test('does a failed batch again in halves, so that one bad job fails alone', async () => {
    const batches: number[][] = []
    const run = gather(async (jobs: number[]) => {
      batches.push(jobs)
      await settled()
      if (jobs.includes(3)) throw new Error('three is bad')
      return jobs
    }, LIMITS)
    const outcomes = await Promise.allSettled([1, 2, 3, 4, 5].map((job) => run(job)))
    expect(outcomes.map((one) => (one.status === 'fulfilled' ? one.value : 'bad'))).toEqual([
      1,
      2,
      'bad',
      4,
      5,
    ])
    expect(batches).toEqual([[1, 2, 3, 4, 5], [1, 2, 3], [1, 2], [3], [4, 5]])
  })

  test('does the jobs of a batch one by one that would wait for a held row, and others meanwhile', async () => {
    const batches: number[][] = []
    const letGo = Promise.withResolvers<void>()
    const run = gather(async (jobs: number[], { isPatient }: Patience) => {
      batches.push(jobs)
      await settled()
      if (jobs.includes(2) && !isPatient) throw new RowHeld(undefined)
      if (jobs.includes(2)) await letGo.promise
      return jobs
    }, LIMITS)
    const [first, held, third] = [1, 2, 3].map((job) => run(job))
    expect(await Promise.all([first, third])).toEqual([1, 3])
    expect(await run(4)).toBe(4)
    letGo.resolve()
    expect(await held).toBe(2)
    expect(batches).toEqual([[1, 2, 3], [1], [2], [3], [4]])
  })

  test('refuses a job that waited in vain, and no other that waits for itself', async () => {
    const run = gather(async (jobs: number[], { isPatient }: Patience) => {
      await settled()
      if (!isPatient) throw new RowHeld(undefined)
      if (jobs.includes(1)) throw new DependencyUnavailable('database')
      return jobs
    }, LIMITS)
    const outcomes = await Promise.allSettled([1, 2, 3, 4, 5, 6, 7].map((job) => run(job)))
    expect(outcomes.map(({ status }) => status)).toEqual([
      'rejected',
      ...outcomes.slice(1).map(() => 'fulfilled' as const),
    ])
  })

  test('waits for held rows where all jobs of a batch wait for the same', async () => {
    const seen: Patience[] = []
    const run = gather(
      async (jobs: number[], patience: Patience) => {
        seen.push(patience)
        return jobs
      },
      { ...LIMITS, isPatient: true },
    )
    expect(await Promise.all([run(1), run(2)])).toEqual([1, 2])
    expect(seen).toEqual([{ isPatient: true }])
  })

  test('does a batch again whose work forgot a job', async () => {
    const run = gather(async (jobs: number[]) => jobs.slice(0, 1), LIMITS)
    expect(await Promise.all([run(1), run(2)])).toEqual([1, 2])
  })

  test('tells everybody who waits when the database cannot be used, and serves the next again', async () => {
    let isDown = true
    const run = gather(
      async (jobs: number[]) => {
        await settled()
        if (isDown) throw new DependencyUnavailable('database')
        return jobs
      },
      { ...LIMITS, batchMax: 1 },
    )
    const outcomes = await Promise.allSettled([1, 2, 3].map((job) => run(job)))
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    isDown = false
    expect(await run(4)).toBe(4)
  })

  test('answers the others when one caller has stopped waiting', async () => {
    const paused = pausedWork()
    const run = gather(paused.work, LIMITS)
    const impatient = Promise.race([run(1), Promise.reject(new Error('too late'))])
    const patient = run(2)
    await expect(impatient).rejects.toThrow('too late')
    await finish(paused)
    expect(await patient).toBe(20)
  })

  test('works as part of the request of the first job, also when another request made it begin', async () => {
    const request = new AsyncLocalStorage<string>()
    const seen: unknown[] = []
    const run = gather(
      async (jobs: number[]) => {
        await settled()
        seen.push(request.getStore())
        return jobs
      },
      { ...LIMITS, batchMax: 1 },
    )
    await Promise.all(['one', 'other'].map((id, job) => request.run(id, () => run(job))))
    expect(seen).toEqual(['one', 'other'])
  })
})
