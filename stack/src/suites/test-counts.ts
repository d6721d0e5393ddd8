import { stripVTControlCharacters } from 'node:util'
import type { TestReport } from '@bazaar/shared/testing/test-report'

/** The number of tests of a suite, by outcome; `unjudged` are those that the machine was too slow for. */
export type Counts = { passed: number; failed: number; unjudged?: number }

/** The status of a command that may do better on a less busy machine: EX_TEMPFAIL of sysexits.h. */
export const TOO_SLOW_STATUS = 75

const FAILURES_MAX = 10
const REASON_LINES_MAX = 12
const COMMAND_LINES_MAX = 30

/**
 * The outcome of `bun test`. A skipped test counts as failed. So does a suite that ran no test or wrote no report, or
 * that ended badly without a failed test.
 */
export function countTests(report: TestReport | undefined, exitStatus: number): Counts {
  if (!report) return { passed: 0, failed: 1 }
  const { passed } = report
  const failed = report.failures.length + report.skipped
  const ranNothing = passed + failed === 0
  return { passed, failed: failed === 0 && (ranNothing || exitStatus !== 0) ? 1 : failed }
}

/** A command counts as one test. */
export function countCommand(exitStatus: number): Counts {
  if (exitStatus === TOO_SLOW_STATUS) return { passed: 0, failed: 0, unjudged: 1 }
  return exitStatus === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

/**
 * The failures and their reasons: for each failed test its name and the first lines of its reason, or the last lines
 * of the suite's output if no test failed.
 */
export function failuresOf(report: TestReport | undefined, output: string): string[] {
  if (!report || report.failures.length === 0) {
    const lines = stripVTControlCharacters(output).trimEnd().split('\n')
    return [lines.slice(-COMMAND_LINES_MAX).join('\n    ')]
  }
  return report.failures.slice(0, FAILURES_MAX).map(({ name, reason }) => {
    const lines = reason.split('\n').filter((line) => line.trim() !== '')
    return [name, ...lines.slice(0, REASON_LINES_MAX)].join('\n    ')
  })
}
