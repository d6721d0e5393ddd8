import { bytes, instant, uuid } from '@bazaar/shared/database/columns'
import { sql } from 'drizzle-orm'
import { char, check, index, int, mysqlEnum, mysqlTable, primaryKey, varchar } from 'drizzle-orm/mysql-core'

/**
 * Buyers and sellers. PENDING: the sign-up is unfinished, there may be no credential yet. ACTIVE: may log in.
 * CLOSING: ended, but a credential or sessions may be left in other places. CLOSED: only the row is left, because
 * orders and products name its id. E-mail addresses are stored in lower case.
 */
export const users = mysqlTable(
  'users',
  {
    id: uuid('id').primaryKey(),
    type: mysqlEnum('type', ['BUYER', 'SELLER']).notNull(),
    status: mysqlEnum('status', ['PENDING', 'ACTIVE', 'CLOSING', 'CLOSED']).notNull(),
    name: varchar('name', { length: 120 }).notNull(),
    email: varchar('email', { length: 254 }).unique(),
    /** When its owner showed that it is theirs. */
    emailVerifiedAt: instant('email_verified_at'),
    mobileNumber: varchar('mobile_number', { length: 16 }).unique(),
    /** Of letters; English when nobody chose one. */
    language: mysqlEnum('language', ['en', 'de']),
    /** While PENDING it counts the attempts to sign up; after that, the changes. */
    version: int('version').notNull(),
    /** Grows when all sessions are ended. A log-in that sees it change leaves no session behind. */
    sessionsEpoch: int('sessions_epoch').notNull(),
    /** The one session that was spared when the epoch last grew. */
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

/** Logins of people who say that they forgot their password. Each is answered within moments, and then deleted. */
export const resetRequests = mysqlTable('reset_requests', {
  id: uuid('id').primaryKey(),
  login: varchar('login', { length: 254 }).notNull(),
  createdAt: instant('created_at').notNull(),
})

/**
 * Permissions to set a new password, each once and for as long as the credential has this version. The token is in the
 * letter alone. `dueAt`: somebody began to set a new password, and then it is looked at whether that came to its end.
 */
export const passwordResets = mysqlTable(
  'password_resets',
  {
    id: uuid('id').primaryKey(),
    userId: uuid('user_id').notNull(),
    tokenHash: bytes('token_hash', { length: 32 }).notNull().unique(),
    credentialVersion: int('credential_version').notNull(),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    dueAt: instant('due_at'),
  },
  (table) => [
    index('password_resets_user_id').on(table.userId),
    index('password_resets_expires_at').on(table.expiresAt),
    index('password_resets_due_at').on(table.dueAt),
  ],
)

/** Links that show that an e-mail address is its owner's, each once. The token is in the letter alone. */
export const emailVerifications = mysqlTable(
  'email_verifications',
  {
    id: uuid('id').primaryKey(),
    userId: uuid('user_id').notNull(),
    tokenHash: bytes('token_hash', { length: 32 }).notNull().unique(),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [
    index('email_verifications_user_id').on(table.userId),
    index('email_verifications_expires_at').on(table.expiresAt),
  ],
)

/**
 * The address book. `defaultOf` is the owner's id on their default address and null on the others; its unique key
 * makes two defaults impossible. The lock of the user's row makes sure that there is a default at all.
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
