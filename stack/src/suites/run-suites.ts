import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { removeStack } from '../commands/reset.ts'
import { privateFolder, stackPaths } from '../paths.ts'
import { orphansOf, processesOf, warningsIn } from '../processes/service-watch.ts'
import { findSupervisor } from '../processes/supervisor-lock.ts'
import type { StoreRow } from '../programs/store-rows.ts'
import type { Progress } from '../progress.ts'
import type { Runtime } from '../services/runtime.ts'
import { codeOf, StackError } from '../stack-error.ts'
import { OWNER_ONLY } from '../stack-folder.ts'
import { duration, table } from '../table.ts'
import { ensureBrowser } from './browser-program.ts'
import { ensurePromtool } from './promtool-program.ts'
import { type Outcome, runSuite } from './run-suite.ts'
import { openSentProblems } from './sent-problems.ts'
import { nameOf, nameOn, runsOf } from './suite-runs.ts'
import { type Running, STACK_PREFIX, stackVariables, startForSuites } from './suite-stack.ts'
import type { Suite } from './suites.ts'
import { TOO_SLOW_STATUS } from './test-counts.ts'
import { clock, forecastMs, keepTimes, readTimes, whereIn } from './test-times.ts'

const LOGS_FOLDER = join(privateFolder, 'last-failed-test-logs')
/** How long `./bazaar test` takes where it has never run. */
const UNKNOWN_YET = 'five minutes for those of ./bazaar test on two cores that do nothing else'

/**
 * Runs the suites, those that need it against a stack of their own, which is taken down and deleted in any case. Where
 * several rows of stores are named, that is done on each.
 * The last line is the sum; the status is 0 only when something passed and nothing failed, and 75 when that is only
 * because the machine was too slow to judge. A service that ends
 * other than it should is a failure, too. What failed is said once more at the end, where nobody has to look for it.
 */
export async function runSuites(
  chosen: readonly Suite[],
  options: { runtime: Runtime['kind']; rows?: readonly StoreRow[]; progress: Progress },
): Promise<number> {
  const interrupted = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => interrupted.abort())
  }
  const { signal } = interrupted
  await removeDeadStacks()
  const runs = runsOf(chosen, options.rows ?? [])
  const outcomes: Outcome[] = []
  const names = runs.map(nameOf)
  const totalMs = forecastMs(names, await readTimes())
  console.log(`${names.length} suites, ${totalMs === undefined ? UNKNOWN_YET : `about ${clock(totalMs)}`}.`)
  const startedAt = performance.now()
  let running: Running | undefined
  const sent = await openSentProblems()
  try {
    for (const [index, run] of runs.entries()) {
      const { suite, row } = run
      if (signal.aborted) break
      const withCollector = suite.needs === 'stack with a collector'
      if (running && (suite.root || running.row !== row || withCollector !== Boolean(running.collector))) {
        outcomes.push(await stop(running))
        running = undefined
      }
      if (suite.needs.startsWith('stack'))
        running ??= await startForSuites(row, { ...options, withCollector, signal })
      if (suite.browser) await options.progress.step('Find a browser', (note) => ensureBrowser(note, signal))
      if (suite.promtool) await options.progress.step('Find promtool', (note) => ensurePromtool(note, signal))
      if (suite.needs === 'stack with demo data') await running?.stack.loadDemoData()
      const passedMs = performance.now() - startedAt
      heading(`${nameOf(run)} · ${whereIn({ number: index + 1, count: names.length, passedMs, totalMs })}`)
      const variables = { ...(running && stackVariables(running.stack)), ...sent.variablesFor(suite) }
      const outcome = await runSuite(run, { variables, signal })
      outcomes.push(outcome)
      await sent.note(suite, { counts: outcome, logsFolder: running?.stack.paths.logs })
    }
  } catch (error) {
    if (!(error instanceof StackError)) throw error
    console.error(error.message)
    outcomes.push({ name: 'the stack for tests', passed: 0, failed: 1, tookMs: 0, failures: [error.message] })
  } finally {
    if (running) outcomes.push(await stop(running))
    await sent.forget()
    await clearAway({ keepLogs: outcomes.some(({ failed }) => failed > 0) })
  }
  const good = outcomes.filter(
    ({ name, passed, failed }) => names.includes(name) && passed > 0 && failed === 0,
  )
  await keepTimes(Object.fromEntries(good.map(({ name, tookMs }) => [name, tookMs])))
  return report(outcomes, signal.aborted)
}

/** Stops the stack and tells whether its services ran and ended as they should, without a warning of their runtime. */
async function stop({ stack, row, watch, collector }: Running): Promise<Outcome> {
  const name = nameOn(row, 'services')
  heading(name)
  const startedAt = performance.now()
  const processes = await processesOf(stack)
  await stack.stop()
  await stack.forget()
  await collector?.close()
  const faults = [...watch.faults, ...(await orphansOf(processes)), ...(await warningsIn(stack.paths.logs))]
  console.log(
    faults.length > 0
      ? faults.join('\n')
      : 'All ran without a warning until they were stopped, then ended by themselves.',
  )
  return {
    name,
    passed: faults.length > 0 ? 0 : 1,
    failed: faults.length,
    tookMs: performance.now() - startedAt,
    failures: faults,
  }
}

function heading(text: string): void {
  console.log(`\n── ${text} ${'─'.repeat(Math.max(3, 60 - text.length))}`)
}

async function clearAway(options: { keepLogs: boolean }): Promise<void> {
  const paths = stackPaths(`${STACK_PREFIX}${process.pid}`)
  if (options.keepLogs) {
    await rm(LOGS_FOLDER, { recursive: true, force: true })
    const kept = await rename(paths.logs, LOGS_FOLDER).then(
      () => true,
      (error: unknown) => {
        // No stack was needed, so nothing was logged.
        if (codeOf(error) === 'ENOENT') return false
        throw error
      },
    )
    if (kept) console.log(`\nWhat the services logged is kept in ${LOGS_FOLDER}.`)
  }
  await rm(paths.folder, { recursive: true, force: true })
}

/** What a test run that was killed left behind. */
async function removeDeadStacks(): Promise<void> {
  await mkdir(privateFolder, { recursive: true, mode: OWNER_ONLY })
  const entries = await readdir(privateFolder, { withFileTypes: true })
  for (const { name } of entries.filter((one) => one.isDirectory() && one.name.startsWith(STACK_PREFIX))) {
    if (!(await findSupervisor(stackPaths(name)))) await removeStack(name)
  }
}

function report(outcomes: readonly Outcome[], interrupted: boolean): number {
  const rows = outcomes.map(({ name, passed, failed, unjudged = 0, tookMs }) => [
    failed > 0 ? '✗' : unjudged > 0 ? '?' : '✓',
    name,
    `${passed} passed`,
    unjudged > 0 ? 'too slow to judge' : `${failed} failed`,
    duration(tookMs),
  ])
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0)
  const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0)
  const unjudged = outcomes.reduce((sum, outcome) => sum + (outcome.unjudged ?? 0), 0)
  console.log(`\n${table([['', 'suite', '', '', 'time'], ...rows]).join('\n')}\n`)
  for (const { name, failures } of outcomes)
    for (const failure of failures) console.log(`✗ ${name}: ${failure}\n`)
  const notJudged = unjudged > 0 ? `, ${unjudged} not judged: the machine was too slow` : ''
  console.log(`${passed} passed, ${failed} failed${notJudged}`)
  if (interrupted) return 130
  if (failed === 0 && unjudged > 0) return TOO_SLOW_STATUS
  return failed === 0 && passed > 0 ? 0 : 1
}
