import { inTransaction, type Transaction } from '@bazaar/shared/database/database'
import { DomainError, inMidChange } from '@bazaar/shared/problem'
import type { Deps } from '../deps.ts'
import { tellUser } from '../letters/tell-user.ts'
import { deleteResetsOf } from '../resets/reset-store.ts'
import { endSessions } from '../sessions/session-store.ts'
import { tryPassword } from '../sessions/try-password.ts'
import { passedOn } from './iam.ts'
import { findUser, saveSessionsEpoch } from './user-store.ts'

type PasswordChange = {
  userId: string
  sessionId: string
  address: string
  currentPassword: string
  newPassword: string
}

/**
 * Changes a user's password, ends all their sessions but the one that asks, and tells the owner. If it breaks off after the password
 * was changed, the same request is accepted again, although its current password is no longer right.
 *
 * @throws {DomainError} wrong-credentials, password-too-common, password-unchanged or too-many-requests.
 * @throws {OutcomeUnknown} when the password may be changed but perhaps not all sessions were ended.
 */
export async function changePassword(deps: Deps, request: PasswordChange): Promise<void> {
  const { userId, sessionId } = request
  try {
    await tryPassword(deps, { login: `user:${userId}`, address: request.address }, () =>
      changeAtIam(deps, request),
    )
    await inTransaction(deps.database, async (tx) => {
      await saveSessionsEpoch(tx, { userId, exceptId: sessionId })
      await deleteResetsOf(tx, userId)
      await tellOwner(tx, userId)
    })
    deps.postman.wake()
    await endSessions(deps.redis, { userId, exceptId: sessionId })
  } catch (error) {
    throw inMidChange(error)
  }
  deps.log.info({ userId }, 'password changed')
}

async function changeAtIam({ iam }: Deps, request: PasswordChange): Promise<void> {
  const { userId, currentPassword, newPassword } = request
  try {
    await passedOn(iam.changePassword({ params: { userId }, body: { currentPassword, newPassword } }))
  } catch (error) {
    if (!isWrong(error)) throw error
    // If the new password is right, this is a repetition of a request that got this far.
    await passedOn(iam.verifyCredential({ body: { userId, password: newPassword } }))
  }
}

function isWrong(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'wrong-credentials'
}

async function tellOwner(tx: Transaction, userId: string): Promise<void> {
  const owner = await findUser(tx, userId)
  if (!owner) return
  const facts = { at: new Date().toISOString() }
  await tellUser(tx, owner, { kind: 'password-changed', cause: owner.sessionsEpoch, facts })
}
