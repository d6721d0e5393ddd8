import { idempotencyKeys } from '@bazaar/shared/database/idempotency-keys'
import type { OwnTables } from '@bazaar/shared/database/rights'
import { inbox } from '@bazaar/shared/messaging/inbox'
import { outbox } from '@bazaar/shared/messaging/outbox'
import * as sandboxTables from './payment/sandbox-tables.ts'
import * as tables from './tables.ts'

/** The tables of the order service. The history of an order is never rewritten. */
export const ownTables: OwnTables = {
  exported: [tables, sandboxTables, { idempotencyKeys, inbox, outbox }],
  appendOnly: [tables.orderEvents],
}
