import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { withTestReport } from '@bazaar/shared/testing/test-report'
import { startPlanted } from './planted-service.ts'
import { harmless, type Removal, removals } from './removals.ts'

/*
 * Shows that the security tests can fail: removes one protection after the other from a running service, and looks
 * whether the test that is about it turns red. With words as arguments, only what has all of them in its name.
 */

const AT_ONCE = 2
/** Fewer than that show that removals were lost, not that all is well. */
const REMOVALS_MIN = 12
const TEST_TIMEOUT_MS = 120_000

const words = process.argv.slice(2)
const isWanted = ({ what }: Removal) => words.every((word) => what.includes(word))
const waiting = [...removals, ...harmless].filter(isWanted)
const outcomes = new Map<Removal, string>()
/** Never two of one service: together they would issue more keys than it may have. */
const underProof = new Set<string>()
await Promise.all(Array.from({ length: AT_ONCE }, proveNext))

const planted = removals.filter(isWanted)
const caught = planted.filter((removal) => outcomes.get(removal) === 'red')
const passed = harmless.filter(isWanted).filter((one) => outcomes.get(one) === 'green')
console.log(`\n${caught.length} / ${planted.length} removals caught`)
console.log(`${passed.length} / ${harmless.filter(isWanted).length} harmless changes passed`)
const isProven =
  caught.length === planted.length &&
  passed.length === harmless.filter(isWanted).length &&
  (words.length > 0 || planted.length >= REMOVALS_MIN)
process.exit(isProven ? 0 : 1)

async function proveNext(): Promise<void> {
  for (let removal = takeNext(); removal !== undefined; removal = takeNext()) {
    underProof.add(removal.service)
    const { outcome, output } = await prove(removal)
    underProof.delete(removal.service)
    outcomes.set(removal, outcome)
    const isRight = outcome === (harmless.includes(removal) ? 'green' : 'red')
    console.log(`${isRight ? '✓' : '✗'} ${outcome}: ${removal.what} (${removal.service})`)
    if (!isRight || words.length > 0) console.log(output.slice(-3_000))
  }
}

function takeNext(): Removal | undefined {
  const next = waiting.findIndex(({ service }) => !underProof.has(service))
  return next === -1 ? undefined : waiting.splice(next, 1)[0]
}

/** Red when the very test failed for the very reason; broken when something else did, or nothing was tested. */
async function prove(removal: Removal): Promise<{ outcome: 'red' | 'green' | 'broken'; output: string }> {
  const { service, plants, red } = removal
  const logsFolder = await mkdtemp(join(tmpdir(), 'bazaar-removal-'))
  try {
    const running = await startPlanted(service, { plants, logsFolder })
    try {
      const { result: output, report } = await withTestReport((reporting) =>
        runTest(red, reporting, {
          [`BAZAAR_${service.toUpperCase()}_URL`]: running.url,
          BAZAAR_LOGS: logsFolder,
        }),
      )
      const hasFailed = report?.failures.some(({ name }) => nameIn(name).includes(red.test)) ?? false
      const isRed = hasFailed && output.includes(red.says)
      const isGreen = report !== undefined && report.failures.length === 0 && report.passed > 0
      return { outcome: isRed ? 'red' : isGreen ? 'green' : 'broken', output }
    } finally {
      await running.stop()
    }
  } catch (error) {
    return { outcome: 'broken', output: String(error) }
  } finally {
    await rm(logsFolder, { recursive: true, force: true })
  }
}

/** The name of a test with those of its groups, as `-t` looks at it. */
function nameIn(reported: string): string {
  return reported.replaceAll(' > ', ' ')
}

async function runTest(
  red: Removal['red'],
  reporting: readonly string[],
  environment: Record<string, string>,
): Promise<string> {
  const file = fileURLToPath(new URL(`../${red.file}`, import.meta.url))
  const pattern = red.test.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const child = spawn(
    process.execPath,
    ['test', `--timeout=${TEST_TIMEOUT_MS}`, '-t', pattern, file, ...reporting],
    {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += String(chunk)
  })
  child.stderr.on('data', (chunk) => {
    output += String(chunk)
  })
  await new Promise((resolve) => child.once('close', resolve))
  return output
}
