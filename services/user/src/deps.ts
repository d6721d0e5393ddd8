import type { inventoryApi } from '@bazaar/shared/api/inventory'
import type { orderApi } from '@bazaar/shared/api/order'
import type { Client } from '@bazaar/shared/clients/client'
import type { Database } from '@bazaar/shared/database/database'
import type { Log } from '@bazaar/shared/telemetry/log'
import type { Redis } from 'ioredis'
import type { Iam } from './accounts/iam.ts'
import type { AttemptLimits, SessionLife } from './config.ts'

/** What the use cases of the user service work with. */
export type Deps = {
  database: Database
  redis: Redis
  iam: Iam
  /** Asked for what stands open when somebody wants to close an account. */
  orders: Pick<Client<typeof orderApi>, 'listOpenOrders'>
  inventory: Pick<Client<typeof inventoryApi>, 'listProducts'>
  sessions: SessionLife
  attempts: AttemptLimits
  log: Log
}
