import { inTransaction, read } from '@bazaar/shared/database/database'
import { inMidChange } from '@bazaar/shared/problem'
import { lockUser } from '../accounts/user-store.ts'
import type { Deps } from '../deps.ts'
import { linkNotValid } from '../errors.ts'
import { tokenHash } from '../letters/link-token.ts'
import { markSessions } from '../sessions/session-store.ts'
import { deleteVerificationsOf, findVerification, saveVerified } from './verification-store.ts'

/**
 * Notes that an e-mail address is its owner's, because they have the token of a letter to it. The token works once: if
 * the answer gets lost, a repetition is refused, and the profile says that the address is verified.
 *
 * @throws {DomainError} wrong-credentials.
 * @throws {OutcomeUnknown} when it is noted, but perhaps not yet in all sessions.
 */
export async function verifyEmail(deps: Deps, { token }: { token: string }): Promise<void> {
  const { database, redis, log } = deps
  const hash = tokenHash(token)
  const seen = await read(database, (connection) => findVerification(connection, hash))
  if (!seen) throw linkNotValid()
  const { userId } = seen
  await inTransaction(database, async (tx) => {
    // The user's row is locked before the link is looked at again: a change of the address deletes links under that lock.
    const user = await lockUser(tx, userId)
    if (!user || !(await findVerification(tx, hash))) throw linkNotValid()
    await saveVerified(tx, userId)
    await deleteVerificationsOf(tx, userId)
    // failpoint: verify-email.before-commit
  })
  // failpoint: verify-email.after-commit
  try {
    await markSessions(redis, { id: userId, emailVerifiedAt: new Date() })
  } catch (error) {
    throw inMidChange(error)
  }
  log.info({ userId }, 'e-mail address verified')
}
