import type { Database } from '../database/database.ts'
import { watchBacklog } from '../process/watch-backlog.ts'
import type { Worker } from '../process/worker.ts'
import type { Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { outboxBacklog } from './outbox.ts'

/**
 * Shows at `/metrics` the number of unsent messages and the age of the oldest. Both grow when the broker is away,
 * blocked or has no queue for a message.
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
    waiting: { name: 'outbox_unsent', help: 'Messages waiting to be sent' },
    oldestAge: {
      name: 'outbox_oldest_age_seconds',
      help: 'Age of the oldest message waiting to be sent',
    },
    find: async () => {
      const { unsent: waiting, oldestAgeSeconds } = await outboxBacklog(options.database)
      return { waiting, oldestAgeSeconds }
    },
  })
}
