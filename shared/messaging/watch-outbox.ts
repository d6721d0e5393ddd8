import type { Database } from '../database/database.ts'
import { watchBacklog } from '../process/watch-backlog.ts'
import type { Worker } from '../process/worker.ts'
import type { Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { outboxBacklog } from './outbox.ts'

/**
 * Shows at `/metrics` how much waits to be sent and for how long the oldest of it, which grows when the broker is
 * away, blocked or has no queue for a message.
 */
export function watchOutbox(options: {
  database: Database
  metrics: Pick<Metrics, 'registry'>
  log: Log
  everyMs?: number
}): Worker {
  return watchBacklog({
    ...options,
    name: 'outbox watch',
    waiting: { name: 'outbox_unsent', help: 'Messages that wait to be sent' },
    oldestAge: {
      name: 'outbox_oldest_age_seconds',
      help: 'For how long the oldest message that waits to be sent has waited',
    },
    find: async () => {
      const { unsent: waiting, oldestAgeSeconds } = await outboxBacklog(options.database)
      return { waiting, oldestAgeSeconds }
    },
  })
}
