import type { Database } from '@bazaar/shared/database'
import type { Log } from '@bazaar/shared/log'
import type { Redis } from 'ioredis'
import type { AttemptLimits, SessionLife } from './config.ts'
import type { Iam } from './iam.ts'

/** What the use cases of the user service work with. */
export type Deps = {
  database: Database
  redis: Redis
  iam: Iam
  sessions: SessionLife
  attempts: AttemptLimits
  log: Log
}
