import { Gauge } from 'prom-client'
import type { Database } from './database.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import { outboxBacklog } from './outbox.ts'
import { startWorker, type Worker } from './worker.ts'

const LOOK_EVERY_MS = 5_000

/**
 * Shows at `/metrics` how much waits to be sent and for how long the oldest of it, which grows when the broker is
 * away, blocked or has no queue for a message. All instances look at the same outbox: take the greatest. While the
 * database cannot say, both are not a number.
 */
export function watchOutbox({
  database,
  metrics,
  log,
  everyMs = LOOK_EVERY_MS,
}: {
  database: Database
  metrics: Pick<Metrics, 'registry'>
  log: Log
  everyMs?: number
}): Worker {
  const registers = [metrics.registry]
  const unsent = new Gauge({ name: 'outbox_unsent', help: 'Messages that wait to be sent', registers })
  const oldestAge = new Gauge({
    name: 'outbox_oldest_age_seconds',
    help: 'For how long the oldest message that waits to be sent has waited',
    registers,
  })

  async function look(): Promise<'done'> {
    try {
      const backlog = await outboxBacklog(database)
      unsent.set(backlog.unsent)
      oldestAge.set(backlog.oldestAgeSeconds)
    } catch (error) {
      unsent.set(Number.NaN)
      oldestAge.set(Number.NaN)
      throw error
    }
    return 'done'
  }

  return startWorker({ name: 'outbox watch', log, everyMs, round: look })
}
