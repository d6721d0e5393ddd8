import { apiKeys } from '@bazaar/shared/auth/api-keys'
import type { OwnTables } from '@bazaar/shared/database/rights'
import * as tables from './tables.ts'

/** The tables of the identity service. */
export const ownTables: OwnTables = {
  exported: [tables, { apiKeys }],
}
