import { stripVTControlCharacters } from 'node:util'
import type { TestReport } from '@bazaar/shared/testing/test-report'

/** How many tests a suite ran, by outcome; `unjudged` are those that the machine was too slow for. */
export type Counts = { passed: number; failed: number; unjudged?: number }

/** The status of a command that may do better when the machine has less to do: EX_TEMPFAIL of sysexits.h. */
export const TOO_SLOW_STATUS = 75

const FAILURES_MAX = 10
const REASON_LINES_MAX = 12
const COMMAND_LINES_MAX = 30

/**
 * The outcome of `bun test`. A test that was skipped counts as failed, and so does a suite that ran no test or wrote
 * no report, or that ended badly although no test of it failed.
 */
export function countTests(report: TestReport | undefined, exitStatus: number): Counts {
  if (!report) return { passed: 0, failed: 1 }
  const { passed } = report
  const failed = report.failures.length + report.skipped
  const ranNothing = passed + failed === 0
  return { passed, failed: failed === 0 && (ranNothing || exitStatus !== 0) ? 1 : failed }
}

/** A command counts as one. */
export function countCommand(exitStatus: number): Counts {
  if (exitStatus === TOO_SLOW_STATUS) return { passed: 0, failed: 0, unjudged: 1 }
  return exitStatus === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

/**
 * What failed and why: of each test that failed its name and the first lines of its reason, or the last lines of what
 * a suite wrote when no test did.
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
