import { newId } from '@bazaar/shared/database/columns'
import { inTransaction, type Transaction } from '@bazaar/shared/database/database'
import { lockUser, type User } from '../accounts/user-store.ts'
import type { Deps } from '../deps.ts'
import { notAUserAnyMore } from '../errors.ts'
import { linkToken, tokenHash } from '../letters/link-token.ts'
import { tellUser } from '../letters/tell-user.ts'
import { countVerifications, insertVerification, VERIFICATION_MINUTES } from './verification-store.ts'

/** Enough for somebody whose letter got lost, too few to fill the mailbox of a stranger. */
const LINKS_PER_USER_MAX = 3

/**
 * Sends another link to verify the e-mail address of a user. Nothing is sent to a verified address, nor while three
 * links work.
 *
 * @throws {DomainError} unauthenticated when the account was closed meanwhile.
 */
export async function askForVerification(deps: Deps, { userId }: { userId: string }): Promise<void> {
  await inTransaction(deps.database, async (tx) => {
    const user = await lockUser(tx, userId)
    if (!user) throw notAUserAnyMore()
    if (user.emailVerifiedAt !== null) return
    if ((await countVerifications(tx, userId)) < LINKS_PER_USER_MAX) await sendLink(tx, deps, user)
  })
  deps.postman.wake()
}

/** Writes the letter with a link, in the transaction that makes an e-mail address unverified. */
export async function sendLink(
  tx: Transaction,
  { linkSecret }: Pick<Deps, 'linkSecret'>,
  user: Pick<User, 'id' | 'email' | 'language'>,
): Promise<void> {
  const id = newId()
  const hash = tokenHash(linkToken(linkSecret, 'email-verification', id))
  await insertVerification(tx, { id, userId: user.id, tokenHash: hash })
  const letter = { cause: id, facts: { verificationId: id }, usefulForMinutes: VERIFICATION_MINUTES }
  await tellUser(tx, user, { kind: 'email-verification', ...letter })
}
