import type { Database } from '@bazaar/shared/database/database'
import { watchBacklog } from '@bazaar/shared/process/watch-backlog'
import type { Worker } from '@bazaar/shared/process/worker'
import type { Log } from '@bazaar/shared/telemetry/log'
import type { Metrics } from '@bazaar/shared/telemetry/metrics'
import { PENDING_SECONDS_MAX } from '@bazaar/shared/telemetry/waits'
import { findPendingOrders } from './pending-store.ts'

const LOOK_EVERY_MS = 15_000

/**
 * Shows the number of PENDING orders and the age of the oldest at `/metrics`. Logs an error once that is more than a
 * minute, because then orders cannot be completed and buyers are waiting.
 */
export function watchPending(options: {
  database: Database
  metrics: Pick<Metrics, 'registry'>
  log: Log
  everyMs?: number
}): Worker {
  const { database, log, everyMs = LOOK_EVERY_MS } = options
  return watchBacklog({
    ...options,
    everyMs,
    name: 'pending watch',
    waiting: { name: 'orders_pending', help: 'Orders that are being completed' },
    oldestAge: {
      name: 'orders_pending_oldest_age_seconds',
      help: 'For how long the oldest order that is being completed has waited',
    },
    find: () => findPendingOrders(database),
    tell: (backlog) => {
      if (backlog.oldestAgeSeconds > PENDING_SECONDS_MAX)
        log.error(backlog, 'orders cannot be completed: the oldest has been PENDING for more than a minute')
    },
  })
}
