import type { Database } from '@bazaar/shared/database/database'
import type { Log } from '@bazaar/shared/telemetry/log'
import type { Config } from './config.ts'
import type { Passwords } from './passwords.ts'

/** The dependencies of the identity service's use cases. */
export type Deps = { config: Config; database: Database; passwords: Passwords; log: Log }
