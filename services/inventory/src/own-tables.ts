import { apiKeys } from '@bazaar/shared/api-keys'
import type { OwnTables } from '@bazaar/shared/database-rights'
import { idempotencyKeys } from '@bazaar/shared/idempotency-keys'
import { inbox } from '@bazaar/shared/inbox'
import { outbox } from '@bazaar/shared/outbox'
import * as tables from './tables.ts'

/** The tables of the inventory service. What happened to stock is not rewritten. */
export const ownTables: OwnTables = {
  exported: [tables, { apiKeys, idempotencyKeys, inbox, outbox }],
  appendOnly: [tables.stockMovements],
}
