import { describe, expect, test } from 'bun:test'
import { type Problem, ProblemError, UnreachableError } from './problem.ts'
import { pause, pauseMsBefore, retryAfterSecondsOf } from './retry.ts'

const limits = { attemptsMax: 4, retryAfterMaxSeconds: 30 }

function refused(status: number, code: string, retryAfterSeconds?: number): ProblemError {
  const problem = { type: '', title: '', instance: '', status, code } as Problem
  return new ProblemError(problem, { retryAfterSeconds })
}

describe('pauseMsBefore()', () => {
  test.each([
    ['the network failed', new UnreachableError('cut', {}), 1, 100],
    ['it failed again', new UnreachableError('cut', {}), 3, 400],
    ['there were enough attempts', new UnreachableError('cut', {}), 4, undefined],
    ['too many requests', refused(429, 'too-many-requests', 7), 1, 7_000],
    ['longer than is waited for', refused(429, 'too-many-requests', 31), 1, undefined],
    ['a part cannot be reached', refused(503, 'dependency-unavailable', 1), 2, 1_000],
    ['the outcome is not known', refused(503, 'outcome-unknown', 1), 1, 1_000],
    ['the first request is still running', refused(409, 'idempotency-key-in-use', 1), 1, 1_000],
    ['a refusal', refused(409, 'out-of-stock'), 1, undefined],
    ['a fault of the service', refused(500, 'internal-error'), 1, undefined],
    ['a mistake of the program', new TypeError('no'), 1, undefined],
  ])('after this: %s', (_what, error, attempts, pauseMs) => {
    expect(pauseMsBefore(error, { attempts, limits, chance: 0 })).toBe(pauseMs)
  })
})

test('retryAfterSecondsOf() reads seconds and dates, and nothing else', () => {
  const nowMs = Date.parse('2026-01-31T09:30:00Z')
  const read = (header: string | null) => retryAfterSecondsOf(header, nowMs)
  expect(read('12')).toBe(12)
  expect(read('Sat, 31 Jan 2026 09:30:05 GMT')).toBe(5)
  expect(read('Sat, 31 Jan 2026 09:29:00 GMT')).toBe(0)
  expect([read(null), read('soon')]).toEqual([undefined, undefined])
})

test('pause() ends with the reason of the signal, also when that was aborted before', async () => {
  const controller = new AbortController()
  const paused = pause(60_000, controller.signal)
  controller.abort(new Error('enough'))
  await expect(paused).rejects.toThrow('enough')
  await expect(pause(60_000, controller.signal)).rejects.toThrow('enough')
})
