import { describe, expect, test } from 'bun:test'
import { DependencyUnavailable } from '@bazaar/shared/problem'
import { gather } from './gather.ts'

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

describe('gather()', () => {
  test('begins a job that comes alone at once, and gathers those that come meanwhile', async () => {
    const { batches, goOn, work } = pausedWork()
    const run = gather(work, { of: 'stock', batchMax: 2, waitingMax: 9 })
    const answers = Promise.all([1, 2, 3, 4].map((job) => run('hot', job)))
    for (let turn = 0; turn < 3; turn++) {
      await settled()
      goOn()
    }
    expect(await answers).toEqual([10, 20, 30, 40])
    expect(batches).toEqual([[1], [2, 3], [4]])
  })

  test('keeps different keys apart', async () => {
    const { batches, goOn, work } = pausedWork()
    const run = gather(work, { of: 'stock', batchMax: 9, waitingMax: 9 })
    const answers = Promise.all([run('one', 1), run('other', 2)])
    await settled()
    goOn()
    goOn()
    expect(await answers).toEqual([10, 20])
    expect(batches).toEqual([[1], [2]])
  })

  test('refuses whoever would wait behind too many', async () => {
    const { goOn, work } = pausedWork()
    const run = gather(work, { of: 'stock', batchMax: 9, waitingMax: 1 })
    const first = run('hot', 1)
    const second = run('hot', 2)
    await expect(run('hot', 3)).rejects.toMatchObject({ dependency: 'stock' })
    goOn()
    await settled()
    goOn()
    expect(await Promise.all([first, second])).toEqual([10, 20])
  })

  test('does a failed batch again job by job, so that one bad job fails alone', async () => {
    const batches: number[][] = []
    const run = gather(
      async (jobs: number[]) => {
        batches.push(jobs)
        await settled()
        if (jobs.includes(3)) throw new Error('three is bad')
        return jobs
      },
      { of: 'stock', batchMax: 9, waitingMax: 9 },
    )
    const outcomes = await Promise.allSettled([1, 2, 3, 4].map((job) => run('hot', job)))
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
    expect(batches).toEqual([[1], [2, 3, 4], [2], [3], [4]])
  })

  test('tells everybody who waits when the database cannot be used, and serves the next again', async () => {
    let isDown = true
    const run = gather(
      async (jobs: number[]) => {
        await settled()
        if (isDown) throw new DependencyUnavailable('database')
        return jobs
      },
      { of: 'stock', batchMax: 1, waitingMax: 9 },
    )
    const outcomes = await Promise.allSettled([1, 2, 3].map((job) => run('hot', job)))
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    isDown = false
    expect(await run('hot', 4)).toBe(4)
  })
})
