import { inTransaction, read } from '@bazaar/shared/database/database'
import { DomainError } from '@bazaar/shared/problem'
import { findCredential, lockCredential, savePassword } from './credential-store.ts'
import type { Deps } from './deps.ts'
import { passwordTooCommon, wrongCredentials } from './errors.ts'
import { composed } from './passwords.ts'

/**
 * Changes the password of a user who sends the current one. Of two changes at once one wins, and the other finds that
 * its current password is no longer right.
 *
 * @throws {DomainError} wrong-credentials, password-too-common, password-unchanged or too-many-requests.
 */
export async function changePassword(
  deps: Deps,
  request: { userId: string; currentPassword: string; newPassword: string },
): Promise<void> {
  const { database, passwords } = deps
  const { userId, currentPassword, newPassword } = request
  const seen = await read(database, (connection) => findCredential(connection, userId))
  if (!(await passwords.matches(currentPassword, seen?.passwordHash))) throw wrongCredentials()
  if (composed(newPassword) === composed(currentPassword)) {
    throw new DomainError('password-unchanged', 'Choose a password that differs from the current one', {
      errors: [{ pointer: '/newPassword', code: 'unchanged' }],
    })
  }
  if (passwords.isCommon(newPassword)) throw passwordTooCommon('/newPassword')

  const passwordHash = await passwords.hash(newPassword)
  await inTransaction(database, async (tx) => {
    const present = await lockCredential(tx, userId)
    if (!present || present.version !== seen?.version) throw wrongCredentials()
    await savePassword(tx, userId, passwordHash)
  })
}
