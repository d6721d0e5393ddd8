import type { OwnTables } from '@bazaar/shared/database-rights'
import { idempotencyKeys } from '@bazaar/shared/idempotency-keys'
import { inbox } from '@bazaar/shared/inbox'
import { outbox } from '@bazaar/shared/outbox'
import * as tables from './tables.ts'

/** The tables of the order service. What happened to an order is not rewritten. */
export const ownTables: OwnTables = {
  exported: [tables, { idempotencyKeys, inbox, outbox }],
  appendOnly: [tables.orderEvents],
}
