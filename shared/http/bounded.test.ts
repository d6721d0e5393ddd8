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
