import { spawn } from 'node:child_process'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { membersOf } from './checkers/evidence.ts'
import { SLOWNESS_MAX } from './checkers/machine.ts'
import type { History } from './history/history.ts'

/** How fast the machine is while a run is on: other work may be on it. */
export type Machine = {
  /**
   * How many times as long things take as on a machine that does nothing else, from 1 to 5. What waits for something
   * to be done waits for as many times as long.
   */
  slowness: () => number
  stop: () => Promise<void>
}

const EVERY_MS = 500
const LATE_EVERY_MS = 50
/** The last so many measurements count: a moment of other work is not the machine. */
const REMEMBERED = 6

/**
 * Measures the machine all the time, and writes it into the history: `stretch`, how many times as long counting takes as
 * on a free core; `flushMs`, how long the disk takes to keep a line; `lateMs`, how late this process is, through
 * which all ways between the parts of the cluster go.
 */
export function watchMachine(history: History, folder: string): Machine {
  const remembered: number[] = []
  let lateMs = 0
  let dueAt = performance.now() + LATE_EVERY_MS
  const late = setInterval(() => {
    lateMs = Math.max(lateMs, performance.now() - dueAt)
    dueAt = performance.now() + LATE_EVERY_MS
  }, LATE_EVERY_MS)

  const program = fileURLToPath(new URL('machine-probe.ts', import.meta.url))
  const probe = spawn(process.execPath, [program, folder, String(EVERY_MS)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => probe.once('close', () => resolve()))
  createInterface({ input: probe.stdout }).on('line', (line) => {
    const { stretch, flushMs } = membersOf(JSON.parse(line))
    history.add({
      process: 'machine',
      f: 'speed',
      key: 'speed',
      type: 'ok',
      value: { stretch, flushMs, lateMs },
    })
    lateMs = 0
    remembered.push(Number(stretch))
    if (remembered.length > REMEMBERED) remembered.shift()
  })

  return {
    slowness() {
      const median = remembered.toSorted((one, other) => one - other)[remembered.length >> 1] ?? 1
      return Math.min(median, SLOWNESS_MAX)
    },
    async stop() {
      clearInterval(late)
      probe.stdin.end()
      await ended
    },
  }
}
