import { describe, expect, test } from 'bun:test'
import { countCommand, countTests, failuresOf, TOO_SLOW_STATUS } from './test-counts.ts'

const summary = (lines: string[], ran: number) =>
  `tests.test.ts:\n(pass) it works\n\n${lines.join('\n')}\n 9 expect() calls\nRan ${ran} tests across 2 files. [0.20s]\n`

describe('countTests()', () => {
  test.each([
    ['all passed', summary([' 12 pass', ' 0 fail'], 12), 0, { passed: 12, failed: 0 }],
    ['some failed', summary([' 10 pass', ' 2 fail'], 12), 1, { passed: 10, failed: 2 }],
    ['a skipped test failed', summary([' 10 pass', ' 1 skip', ' 0 fail'], 11), 0, { passed: 10, failed: 1 }],
    ['an error between tests', summary([' 3 pass', ' 0 fail', ' 1 error'], 3), 1, { passed: 3, failed: 1 }],
    ['a bad end without a failed test', summary([' 3 pass', ' 0 fail'], 3), 1, { passed: 3, failed: 1 }],
    ['no test at all', 'No tests found!\n', 1, { passed: 0, failed: 1 }],
    ['nothing ran', summary([' 0 pass', ' 0 fail'], 0), 0, { passed: 0, failed: 1 }],
    ['a crash before the summary', '(pass) it works\nkilled', 137, { passed: 0, failed: 1 }],
    [
      'colours',
      `\u001b[32m 4 pass\u001b[0m\n 0 fail\nRan 4 tests across 1 file. [1ms]`,
      0,
      { passed: 4, failed: 0 },
    ],
    [
      'words in the output',
      `  99 pass\n${'.\n'.repeat(20)}${summary([' 1 pass', ' 0 fail'], 1)}`,
      0,
      { passed: 1, failed: 0 },
    ],
  ])('reads: %s', (_name, output, exitStatus, counts) => {
    expect(countTests(output, exitStatus)).toEqual(counts)
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
  test('names each test that failed once, with what was written before it', () => {
    const output = [
      '(pass) one [1.00ms]',
      '12 | expect(two).toBe(2)',
      'error: 2 is 3',
      '(fail) two > is two [3.10ms]',
      '(pass) three',
      '(fail) four',
      '',
      '2 tests failed:',
      '(fail) two > is two [3.10ms]',
      '(fail) four',
    ].join('\n')
    expect(failuresOf(output)).toEqual([
      'two > is two\n    12 | expect(two).toBe(2)\n    error: 2 is 3',
      'four',
    ])
  })

  test('shows the last lines of a command', () => {
    expect(failuresOf('a\nb: it is broken\n')).toEqual(['a\n    b: it is broken'])
  })
})
