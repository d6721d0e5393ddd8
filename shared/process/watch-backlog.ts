import { Gauge } from 'prom-client'
import type { Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { startWorker, type Worker } from './worker.ts'

/** A backlog: the number of waiting things, and the age of the oldest. */
export type Backlog = { waiting: number; oldestAgeSeconds: number }

const LOOK_EVERY_MS = 5_000

/**
 * Shows a backlog at `/metrics`, under two names. All instances look at the same backlog, so take the greatest value.
 * While it is unknown, both are NaN. Every look passes its result to `tell`.
 */
export function watchBacklog(options: {
  name: string
  waiting: { name: string; help: string }
  oldestAge: { name: string; help: string }
  find: () => Promise<Backlog>
  tell?: (backlog: Backlog) => void
  metrics: Pick<Metrics, 'registry'>
  log: Log
  everyMs?: number | undefined
}): Worker {
  const { name, find, tell, metrics, log, everyMs = LOOK_EVERY_MS } = options
  const registers = [metrics.registry]
  const waiting = new Gauge({ ...options.waiting, registers })
  const oldestAge = new Gauge({ ...options.oldestAge, registers })

  async function look(): Promise<'done'> {
    try {
      const backlog = await find()
      waiting.set(backlog.waiting)
      oldestAge.set(backlog.oldestAgeSeconds)
      tell?.(backlog)
    } catch (error) {
      waiting.set(Number.NaN)
      oldestAge.set(Number.NaN)
      throw error
    }
    return 'done'
  }

  return startWorker({ name, log, everyMs, round: look })
}
