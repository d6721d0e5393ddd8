import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'

/*
 * A process of its own that measures the machine, and nothing of Bazaar: for how long it has to wait for a core while
 * it counts, and for the disk to keep a line. One line of JSON each time, until nobody reads it any more.
 */

const [folder = '.', everyMs = '1000'] = process.argv.slice(2)
/** Enough that what else wants the core gets its turn, and little enough not to be a load. */
const COUNTING_CPU_MS = 30

const path = join(folder, 'machine-probe')
const file = openSync(path, 'w')
const leave = () => {
  closeSync(file)
  rmSync(path, { force: true })
  process.exit(0)
}
process.stdin.once('end', leave).resume()

for (;;) {
  const stretch = countingStretch()
  process.stdout.write(`${JSON.stringify({ stretch, flushMs: flushMs() })}\n`)
  await delay(Number(everyMs))
}

/** How many times as long something takes as it would if a core were free. */
function countingStretch(): number {
  const startedAt = performance.now()
  const before = process.cpuUsage()
  for (let number = 0; ; number++) {
    if (number % 10_000 !== 0) continue
    const { user, system } = process.cpuUsage(before)
    const cpuMs = (user + system) / 1_000
    if (cpuMs >= COUNTING_CPU_MS) return Math.max(1, (performance.now() - startedAt) / cpuMs)
  }
}

function flushMs(): number {
  const startedAt = performance.now()
  writeSync(file, 'x'.repeat(512), 0)
  fsyncSync(file)
  return performance.now() - startedAt
}
