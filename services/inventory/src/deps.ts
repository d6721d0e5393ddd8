import type { Database } from '@bazaar/shared/database/database'
import type { Log } from '@bazaar/shared/telemetry/log'
import type { Config } from './config.ts'
import type { InventoryMetrics } from './metrics.ts'
import type { Pictures } from './pictures/pictures.ts'

/** The dependencies of the inventory service's use cases. */
export type Deps = {
  config: Pick<Config, 'environment' | 'reservationHoldSeconds' | 'cursorSecret' | 'verifiedEmailFor'>
  database: Database
  pictures: Pictures
  log: Log
  metrics: InventoryMetrics
  /** Called after a commit that left messages to send. */
  wakeRelay: () => void
}
