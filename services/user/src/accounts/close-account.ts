import type { Session } from '@bazaar/shared/auth/admission'
import { inTransaction, read } from '@bazaar/shared/database/database'
import { inMidChange } from '@bazaar/shared/problem'
import type { Deps } from '../deps.ts'
import { tellUser } from '../letters/tell-user.ts'
import { findUserOf } from '../sessions/living-session.ts'
import { logOutEverywhere } from '../sessions/log-out.ts'
import { endSessions } from '../sessions/session-store.ts'
import { proveUser } from '../sessions/try-password.ts'
import { deleteExpiredVerifications } from '../verification/verification-store.ts'
import { refuseOpenBusiness } from './refuse-open-business.ts'
import { listClosing, lockUser, saveAbandoned, saveClosed, saveClosing } from './user-store.ts'

/** Within a minute; more than an hour of sign-ups may leave. */
const EXPIRED_AT_ONCE_MAX = 10_000
const CLOSED_AT_ONCE_MAX = 100

/**
 * Closes the account of a user who sends its password, once nobody depends on it any more. The other sessions end
 * before that is checked, so that nothing new begins in them. After the commit there is no way back: the login is
 * free for others, and data in other services goes now or, if one is down, as soon as it is back.
 *
 * @throws {DomainError} wrong-credentials, open-business or too-many-requests.
 * @throws {OutcomeUnknown} when the account is closed, but perhaps not all sessions were ended yet.
 */
export async function closeAccount(
  deps: Deps,
  request: { caller: Session; currentPassword: string; address: string },
): Promise<void> {
  const { database, log } = deps
  const { caller, currentPassword, address } = request
  const { userId, sessionId } = caller
  const user = await findUserOf(deps, caller)
  // No user means an earlier attempt got past the password check and closed the account; this is that request
  // repeated.
  if (user) {
    await proveUser(deps, { userId, password: currentPassword, address })
    await logOutEverywhere(deps, { userId, exceptId: sessionId })
    await refuseOpenBusiness(deps, caller)
  }
  await inTransaction(database, async (tx) => {
    const open = await lockUser(tx, userId)
    await saveClosing(tx, userId)
    const facts = { at: new Date().toISOString() }
    if (open) await tellUser(tx, open, { kind: 'account-closed', cause: 'closing', facts })
  })
  deps.postman.wake()
  try {
    await finishClosing(deps, userId)
  } catch (error) {
    throw inMidChange(error)
  }
  log.info({ userId }, 'account closed')
}

/**
 * Removes what a closed account left in other places. The session goes last, so that its owner can repeat the request
 * until all is done. Repeatable at every point.
 */
async function finishClosing({ database, iam, redis }: Deps, userId: string): Promise<void> {
  await iam.deleteCredential({ params: { userId } })
  await endSessions(redis, { userId })
  await inTransaction(database, (tx) => saveClosed(tx, userId))
}

/**
 * Gives up sign-ups that nobody has continued for a day, and finishes closing accounts that were interrupted. Call it
 * now and then.
 */
export async function tidyAccounts(deps: Deps): Promise<'more' | 'done'> {
  await inTransaction(deps.database, (tx) => saveAbandoned(tx, CLOSED_AT_ONCE_MAX))
  await inTransaction(deps.database, (tx) => deleteExpiredVerifications(tx, EXPIRED_AT_ONCE_MAX))
  const closing = await read(deps.database, (connection) => listClosing(connection, CLOSED_AT_ONCE_MAX))
  for (const userId of closing) await finishClosing(deps, userId)
  return closing.length === CLOSED_AT_ONCE_MAX ? 'more' : 'done'
}
