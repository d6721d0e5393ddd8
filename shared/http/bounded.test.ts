import { expect, test } from 'bun:test'
import { bounded, roomFor } from './bounded.ts'

test('roomFor() turns callers away when it is full, and lets one in again when another has left', () => {
  const enter = roomFor(2)
  const [leave] = [enter(), enter()]
  expect(enter).toThrow(
    expect.objectContaining({ name: 'DomainError', code: 'overloaded', retryAfterSeconds: 1 }),
  )
  leave()
  leave()
  enter()
  expect(enter).toThrow('try again shortly')
})

test('bounded() refuses what comes when too much waits, and does not do what waited too long', async () => {
  let nowMs = 0
  const inTurn = bounded({ atOnceMax: 1, waitingMax: 2, busy: 'busy', now: () => nowMs })
  const leave = Promise.withResolvers<string>()
  const done: string[] = []
  const first = inTurn(() => leave.promise)
  const stale = inTurn(async () => done.push('stale'))
  nowMs = 1_500
  const fresh = inTurn(async () => done.push('fresh'))
  const late = inTurn(async () => done.push('late'))
  const outcomes = Promise.allSettled([first, stale, fresh, late])
  nowMs = 2_500
  leave.resolve('done')
  const refusal = { status: 'rejected', reason: { code: 'too-many-requests', retryAfterSeconds: 2 } }
  expect(await outcomes).toMatchObject([{ value: 'done' }, refusal, { value: 1 }, refusal])
  expect(done).toEqual(['fresh'])
})

test('bounded() gives the place of a caller that leaves to the next, and both their outcomes', async () => {
  const inTurn = bounded({ atOnceMax: 1, waitingMax: 4, busy: 'busy' })
  const answer = Promise.withResolvers<string>()
  const failure = Promise.withResolvers<never>()
  const slow = inTurn((place) => {
    place.leave()
    return answer.promise
  })
  const failing = inTurn((place) => {
    place.leave()
    return failure.promise
  })
  expect(await inTurn(async () => 'quick')).toBe('quick')
  answer.resolve('slow')
  expect(await slow).toBe('slow')
  failure.reject(new Error('failed'))
  await expect(failing).rejects.toThrow('failed')
})

test('bounded() lets more work in at once while it is quick, and less while it is slow', async () => {
  let nowMs = 0
  const inTurn = bounded({ atOnceMax: 3, atOnceLeast: 1, waitingMax: 9, busy: 'busy', now: () => nowMs })
  /** Has some come, and counts those that are let in at once; these take so long, and the others no time. */
  async function letIn(count: number, tookMs: number): Promise<number> {
    const goOn = Promise.withResolvers<void>()
    let begun = 0
    const all = Promise.allSettled(
      Array.from({ length: count }, () =>
        inTurn(() => {
          begun += 1
          return goOn.promise
        }),
      ),
    )
    await new Promise((resolve) => setImmediate(resolve))
    const atOnce = begun
    nowMs += tookMs
    goOn.resolve()
    await all
    return atOnce
  }
  expect(await letIn(5, 100)).toBe(1)
  expect(await letIn(5, 100)).toBe(3)
  expect(await letIn(3, 1_500)).toBe(3)
  expect(await letIn(5, 100)).toBe(1)
})
