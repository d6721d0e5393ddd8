import type { Transaction } from '@bazaar/shared/database/database'
import { type Recipient, writeLetter } from '@bazaar/shared/letters/letters'
import type { User } from '../accounts/user-store.ts'
import type { UserFacts } from './user-letters.ts'

/** Where letters about an account go. */
export function recipientOf({ email, language }: Pick<User, 'email' | 'language'>): Recipient {
  return { email, language: language ?? 'en' }
}

/**
 * Writes a letter to the owner of an account, in the transaction of what it tells. `cause` sets it apart from others
 * of its kind to the same person.
 */
export async function tellUser<Kind extends keyof UserFacts>(
  tx: Transaction,
  user: Pick<User, 'id' | 'email' | 'language'>,
  letter: { kind: Kind; cause: string | number; facts: UserFacts[Kind]; usefulForMinutes?: number },
): Promise<void> {
  const { kind, facts, usefulForMinutes } = letter
  await writeLetter(tx, {
    kind,
    cause: `${user.id}.${letter.cause}`,
    userId: user.id,
    to: recipientOf(user),
    facts,
    ...(usefulForMinutes === undefined ? {} : { usefulForMinutes }),
  })
}
