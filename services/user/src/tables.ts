import { instant, uuid } from '@bazaar/shared/database/columns'
import { sql } from 'drizzle-orm'
import { char, check, index, int, mysqlEnum, mysqlTable, primaryKey, varchar } from 'drizzle-orm/mysql-core'

/**
 * Buyers and sellers. PENDING: the sign-up has not come to its end, there may be no credential yet. ACTIVE: may
 * log in. CLOSING: over, but a credential or sessions may be left elsewhere. CLOSED: nothing is left but the
 * row, because orders and products name its id. E-mail addresses are stored in lower case.
 */
export const users = mysqlTable(
  'users',
  {
    id: uuid('id').primaryKey(),
    type: mysqlEnum('type', ['BUYER', 'SELLER']).notNull(),
    status: mysqlEnum('status', ['PENDING', 'ACTIVE', 'CLOSING', 'CLOSED']).notNull(),
    name: varchar('name', { length: 120 }).notNull(),
    email: varchar('email', { length: 254 }).unique(),
    mobileNumber: varchar('mobile_number', { length: 16 }).unique(),
    /** While PENDING it counts the attempts to sign up; from then on the changes. */
    version: int('version').notNull(),
    /** Grows when all sessions are ended. A log-in that sees it move leaves no session behind. */
    sessionsEpoch: int('sessions_epoch').notNull(),
    /** The one session that went on when the epoch last grew. */
    keptSessionId: uuid('kept_session_id'),
    createdAt: instant('created_at').notNull(),
    changedAt: instant('changed_at').notNull(),
    activatedAt: instant('activated_at'),
  },
  (table) => [
    index('users_status_changed_at').on(table.status, table.changedAt),
    check(
      'users_login_while_open',
      sql`(email is not null) = (status in ('PENDING', 'ACTIVE')) and (mobile_number is not null) = (email is not null)`,
    ),
  ],
)

/**
 * The address book. `defaultOf` is the owner's id on his default address and null on the others: its unique
 * key lets nobody have two defaults. That there is one at all is seen to under the lock of the user's row.
 */
export const addresses = mysqlTable(
  'addresses',
  {
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id),
    id: uuid('id').notNull(),
    defaultOf: uuid('default_of').unique(),
    kind: mysqlEnum('kind', ['HOME', 'WORK', 'OTHER']).notNull(),
    recipient: varchar('recipient', { length: 120 }).notNull(),
    line1: varchar('line1', { length: 120 }).notNull(),
    line2: varchar('line2', { length: 120 }),
    city: varchar('city', { length: 80 }).notNull(),
    region: varchar('region', { length: 80 }),
    postalCode: varchar('postal_code', { length: 16 }).notNull(),
    country: char('country', { length: 2 }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.id] }),
    check('addresses_default_of_its_owner', sql`default_of is null or default_of = user_id`),
  ],
)
