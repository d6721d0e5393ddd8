import { spawn } from 'node:child_process'
import process from 'node:process'
import { withTestReport } from '@bazaar/shared/testing/test-report'
import { repositoryFolder } from '../paths.ts'
import { nameOf, type Run } from './suite-runs.ts'
import { type Counts, countCommand, countTests, failuresOf } from './test-counts.ts'

/** Far more than any suite takes: one that hangs is ended, so that the others are still counted. */
const SUITE_WITHIN_MS = 20 * 60_000
/** The same where a suite tries very many things. */
const FULL_SUITE_WITHIN_MS = 3 * 60 * 60_000

/** What became of a suite, and what failed in it, in words. */
export type Outcome = Counts & { name: string; tookMs: number; failures: readonly string[] }

/** What a suite is told, and when it is to be ended. */
type Surroundings = { variables: Record<string, string>; signal: AbortSignal }

/** Runs a suite, and counts its tests by their report. */
export async function runSuite(run: Run, surroundings: Surroundings): Promise<Outcome> {
  const startedAt = performance.now()
  const hasTests = run.suite.counts === 'tests'
  const { result, report } = await withTestReport((reporting) =>
    runCommand(run, { ...surroundings, args: hasTests ? reporting : [] }),
  )
  const { output, exitStatus } = result
  const counts = hasTests ? countTests(report, exitStatus) : countCommand(exitStatus)
  const failures = counts.failed > 0 ? failuresOf(report, output) : []
  return { name: nameOf(run), ...counts, tookMs: performance.now() - startedAt, failures }
}

/** Runs the command of a suite, showing what it writes as it comes. */
async function runCommand(
  { suite, row }: Run,
  { variables, signal, args: more }: Surroundings & { args: readonly string[] },
): Promise<{ output: string; exitStatus: number }> {
  const withinMs = process.env['BAZAAR_TEST_FULL'] === '1' ? FULL_SUITE_WITHIN_MS : SUITE_WITHIN_MS
  const [program, ...args] = suite.command
  const child = spawn(program === 'bun' ? process.execPath : program, [...args, ...more], {
    cwd: repositoryFolder,
    env: { ...process.env, ...(row && { BAZAAR_STORES: row.name }), ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: AbortSignal.any([signal, AbortSignal.timeout(withinMs)]),
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += String(chunk)
      process.stdout.write(chunk)
    })
  }
  const exitStatus = await new Promise<number>((resolve) => {
    child.once('error', (error) => {
      output += `\n${error.message}\n`
      resolve(1)
    })
    child.once('close', (code) => resolve(code ?? 1))
  })
  return { output, exitStatus }
}
