import { stripVTControlCharacters } from 'node:util'

/** How many tests a suite ran, by outcome; `unjudged` are those that the machine was too slow for. */
export type Counts = { passed: number; failed: number; unjudged?: number }

/** The status of a command that may do better when the machine has less to do: EX_TEMPFAIL of sysexits.h. */
export const TOO_SLOW_STATUS = 75

const SUMMARY = /^Ran (\d+) tests? across \d+ files?\./m
const SUMMARY_LINES = 12
const FAILURES_MAX = 10
const REASON_LINES_MAX = 12
const COMMAND_LINES_MAX = 30

/**
 * Reads the outcome of `bun test` from what it wrote. A test that was skipped counts as failed, and so does a
 * suite that ran no test, or that ended badly although no test of it failed.
 */
export function countTests(output: string, exitStatus: number): Counts {
  const text = stripVTControlCharacters(output)
  const summaryAt = text.search(SUMMARY)
  if (summaryAt === -1) return { passed: 0, failed: 1 }
  const lines = text.slice(0, summaryAt).trimEnd().split('\n').slice(-SUMMARY_LINES)
  const count = (word: string) =>
    Math.max(0, ...lines.map((line) => Number(line.match(new RegExp(`^\\s*(\\d+) ${word}s?$`))?.[1] ?? 0)))
  const passed = count('pass')
  const failed = count('fail') + count('skip') + count('todo') + count('error')
  const ranNothing = passed + failed === 0
  return { passed, failed: failed === 0 && (ranNothing || exitStatus !== 0) ? 1 : failed }
}

/** A command counts as one. */
export function countCommand(exitStatus: number): Counts {
  if (exitStatus === TOO_SLOW_STATUS) return { passed: 0, failed: 0, unjudged: 1 }
  return exitStatus === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

/**
 * What failed and why, from what a suite wrote: of each test that failed its name with the lines before it, or the
 * last lines when no test did. Bun repeats the names at the end, so only the first time counts.
 */
export function failuresOf(output: string): string[] {
  const lines = stripVTControlCharacters(output).trimEnd().split('\n')
  const failures = new Map<string, string>()
  let reason: string[] = []
  for (const line of lines) {
    const [, outcome, name = ''] = line.match(/^\((pass|fail)\) (.*?)(?: \[[\d.]+m?s\])?$/) ?? []
    if (outcome === 'fail' && !failures.has(name))
      failures.set(name, [name, ...reason.slice(-REASON_LINES_MAX)].join('\n    '))
    if (outcome) reason = []
    else if (line.trim() !== '') reason.push(line)
  }
  if (failures.size === 0) return [lines.slice(-COMMAND_LINES_MAX).join('\n    ')]
  return [...failures.values()].slice(0, FAILURES_MAX)
}
