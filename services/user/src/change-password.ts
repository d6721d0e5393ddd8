import { DependencyUnavailable, DomainError, OutcomeUnknown } from '@bazaar/shared/problem'
import type { Deps } from './deps.ts'
import { passedOn } from './iam.ts'
import { logOutEverywhere } from './log-out.ts'

type PasswordChange = { userId: string; sessionId: string; currentPassword: string; newPassword: string }

/**
 * Changes a user's password and ends all his sessions but the one that asks. When the password was changed and
 * ending the sessions failed, the same request is taken again, although its present password is no longer right.
 *
 * @throws {DomainError} wrong-credentials, password-too-common, password-unchanged or too-many-requests.
 * @throws {OutcomeUnknown} when the password was changed, but perhaps not all sessions were ended.
 */
export async function changePassword(deps: Deps, request: PasswordChange): Promise<void> {
  const { userId, sessionId, currentPassword, newPassword } = request
  try {
    const body = { currentPassword, newPassword }
    await passedOn(deps.iam.changePassword({ params: { userId }, body }))
  } catch (error) {
    if (!(error instanceof DomainError && error.code === 'wrong-credentials')) throw error
    if (!(await isDoneAlready(deps, request))) throw error
  }
  try {
    await logOutEverywhere(deps, { userId, exceptId: sessionId })
  } catch (error) {
    throw error instanceof DependencyUnavailable ? new OutcomeUnknown(error) : error
  }
  deps.log.info({ userId }, 'password changed')
}

async function isDoneAlready({ iam }: Deps, request: PasswordChange): Promise<boolean> {
  const { userId, newPassword } = request
  try {
    await passedOn(iam.verifyCredential({ body: { userId, password: newPassword } }))
    return true
  } catch (error) {
    if (error instanceof DomainError && error.code === 'wrong-credentials') return false
    throw error
  }
}
