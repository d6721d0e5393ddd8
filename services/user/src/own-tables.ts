import type { OwnTables } from '@bazaar/shared/database/rights'
import { letters } from '@bazaar/shared/letters/letters'
import { inbox } from '@bazaar/shared/messaging/inbox'
import * as tables from './tables.ts'

/** The tables of the user service. */
export const ownTables: OwnTables = {
  exported: [tables, { inbox, letters }],
}
