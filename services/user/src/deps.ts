import type { inventoryApi } from '@bazaar/shared/api/inventory'
import type { orderApi } from '@bazaar/shared/api/order'
import type { Client } from '@bazaar/shared/clients/client'
import type { Database } from '@bazaar/shared/database/database'
import type { Worker } from '@bazaar/shared/process/worker'
import type { Log } from '@bazaar/shared/telemetry/log'
import type { Redis } from 'ioredis'
import type { Iam } from './accounts/iam.ts'
import type { AttemptLimits, SessionLife } from './config.ts'

/** The dependencies of the user service's use cases. */
export type Deps = {
  database: Database
  redis: Redis
  iam: Iam
  /** Asked about unfinished business when a user wants to close their account. */
  orders: Pick<Client<typeof orderApi>, 'listOpenOrders'>
  inventory: Pick<Client<typeof inventoryApi>, 'stopSelling'>
  sessions: SessionLife
  attempts: AttemptLimits
  /** Makes the tokens of links in letters. */
  linkSecret: string
  /** To be woken after somebody asked for a new password. */
  resets: Pick<Worker, 'wake'>
  /** To be woken after the commit of a letter. */
  postman: Pick<Worker, 'wake'>
  log: Log
}
