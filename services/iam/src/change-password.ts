import { inTransaction, read } from '@bazaar/shared/database/database'
import { DomainError } from '@bazaar/shared/problem'
import { findCredential, lockCredential, savePassword } from './credential-store.ts'
import type { Deps } from './deps.ts'
import { passwordTooCommon, wrongCredentials } from './errors.ts'
import { composed } from './passwords.ts'

/**
 * Changes a password for who knows the present one. Of two changes at once one wins and the other finds that
 * its present password is no longer right.
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
    throw new DomainError('password-unchanged', 'Choose another password than the present one', {
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
