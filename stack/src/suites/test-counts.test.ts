import { describe, expect, test } from 'bun:test'
import { countCommand, countTests, failuresOf, TOO_SLOW_STATUS } from './test-counts.ts'

const failure = { name: 'cancel() > refuses', reason: 'it did not' }

describe('countTests()', () => {
  test.each([
    ['all passed', { passed: 12, skipped: 0, failures: [] }, 0, { passed: 12, failed: 0 }],
    ['some failed', { passed: 9, skipped: 0, failures: [failure, failure] }, 1, { passed: 9, failed: 2 }],
    ['a skipped test failed', { passed: 10, skipped: 1, failures: [] }, 0, { passed: 10, failed: 1 }],
    ['a bad end without a failed test', { passed: 3, skipped: 0, failures: [] }, 1, { passed: 3, failed: 1 }],
    ['nothing ran', { passed: 0, skipped: 0, failures: [] }, 0, { passed: 0, failed: 1 }],
    ['no report', undefined, 137, { passed: 0, failed: 1 }],
    ['no report, and content all the same', undefined, 0, { passed: 0, failed: 1 }],
  ])('counts: %s', (_name, report, exitStatus, counts) => {
    expect(countTests(report, exitStatus)).toEqual(counts)
  })
})

test('countCommand() counts a command as one, and as neither when the machine was too slow for it', () => {
  expect([countCommand(0), countCommand(2), countCommand(TOO_SLOW_STATUS)]).toEqual([
    { passed: 1, failed: 0 },
    { passed: 0, failed: 1 },
    { passed: 0, failed: 0, unjudged: 1 },
  ])
})

describe('failuresOf()', () => {
  test('names each test that failed, with the first lines of its reason', () => {
    const reason = Array.from({ length: 30 }, (_, line) => `line ${line}\n`).join('\n')
    const report = { passed: 1, skipped: 0, failures: [failure, { name: 'long', reason }] }
    const [short, long] = failuresOf(report, 'what it wrote')
    expect(short).toBe('cancel() > refuses\n    it did not')
    expect(long?.split('\n    ')).toEqual([
      'long',
      ...Array.from({ length: 12 }, (_, line) => `line ${line}`),
    ])
  })

  test.each([
    ['a command', undefined],
    ['tests that all passed', { passed: 3, skipped: 0, failures: [] }],
  ])('shows the last lines of %s', (_, report) => {
    expect(failuresOf(report, 'a\n\u001b[31mb: it is broken\u001b[0m\n')).toEqual(['a\n    b: it is broken'])
  })
})
