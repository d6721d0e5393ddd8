import { instant, uuid } from '@bazaar/shared/database/columns'
import { bigint, index, mysqlEnum, mysqlTable } from 'drizzle-orm/mysql-core'

const minor = (name: string) => bigint(name, { mode: 'number' })

/** The books of the sandbox payment provider, which stands for another company: the state of each payment. */
export const sandboxPayments = mysqlTable('sandbox_payments', {
  paymentId: uuid('payment_id').primaryKey(),
  state: mysqlEnum('state', ['AUTHORISED', 'DECLINED', 'CAPTURED', 'VOIDED']).notNull(),
  amountMinor: minor('amount_minor').notNull(),
  changedAt: instant('changed_at').notNull(),
})

/** The refunds of the sandbox payment provider. */
export const sandboxRefunds = mysqlTable(
  'sandbox_refunds',
  {
    id: uuid('id').primaryKey(),
    paymentId: uuid('payment_id').notNull(),
    amountMinor: minor('amount_minor').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [index('sandbox_refunds_payment').on(table.paymentId)],
)
