import type { Transaction } from '@bazaar/shared/database/database'
import { BY_PRIMARY_KEY } from '@bazaar/shared/database/due'
import { and, asc, eq, inArray } from 'drizzle-orm'
import type { User } from '../accounts/user-store.ts'
import { users } from '../tables.ts'

/**
 * Those of these people whose account is open. They are locked until the end of the transaction, so a letter is never
 * written to an account that is closed at the same moment.
 */
export async function lockRecipients(
  tx: Transaction,
  ids: readonly string[],
): Promise<Pick<User, 'id' | 'email' | 'language'>[]> {
  const { id, email, language } = users
  const found = await tx
    .select({ id, email, language })
    .from(users, BY_PRIMARY_KEY)
    .where(and(inArray(id, [...new Set(ids)]), eq(users.status, 'ACTIVE')))
    .orderBy(asc(id))
    .for('update')
  return found.flatMap(({ email: address, ...one }) => (address === null ? [] : [{ ...one, email: address }]))
}
