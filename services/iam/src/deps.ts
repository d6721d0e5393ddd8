import type { Database } from '@bazaar/shared/database/database'
import type { Log } from '@bazaar/shared/telemetry/log'
import type { Config } from './config.ts'
import type { Passwords } from './passwords.ts'

/** What the use cases of the identity service work with. */
export type Deps = { config: Config; database: Database; passwords: Passwords; log: Log }
