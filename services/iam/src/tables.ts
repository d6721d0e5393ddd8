import { instant, uuid } from '@bazaar/shared/database/columns'
import { int, mysqlTable, varchar } from 'drizzle-orm/mysql-core'

/** One credential per user. It holds only the bcrypt hash, never the password. `version` grows with each change. */
export const credentials = mysqlTable('credentials', {
  userId: uuid('user_id').primaryKey(),
  passwordHash: varchar('password_hash', { length: 60 }).notNull(),
  version: int('version').notNull(),
  createdAt: instant('created_at').notNull(),
  changedAt: instant('changed_at').notNull(),
})
