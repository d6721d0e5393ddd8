import { apiKeys } from '@bazaar/shared/auth/api-keys'
import { idempotencyKeys } from '@bazaar/shared/database/idempotency-keys'
import type { OwnTables } from '@bazaar/shared/database/rights'
import { inbox } from '@bazaar/shared/messaging/inbox'
import { outbox } from '@bazaar/shared/messaging/outbox'
import * as tables from './tables.ts'

/** The tables of the inventory service. The history of the stock is never rewritten. */
export const ownTables: OwnTables = {
  exported: [tables, { apiKeys, idempotencyKeys, inbox, outbox }],
  appendOnly: [tables.stockMovements],
}
