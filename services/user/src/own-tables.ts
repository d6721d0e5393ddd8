import type { OwnTables } from '@bazaar/shared/database/rights'
import * as tables from './tables.ts'

/** The tables of the user service. */
export const ownTables: OwnTables = {
  exported: [tables],
}
