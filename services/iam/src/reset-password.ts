import { inTransaction, read } from '@bazaar/shared/database/database'
import { findCredential, lockCredential, savePassword } from './credential-store.ts'
import type { Deps } from './deps.ts'
import { credentialChanged, passwordTooCommon } from './errors.ts'

/**
 * Gives a user another password without the present one, if their credential is still the one of that version. So what
 * allows it can be used once, and not after any other change. Repeating it with the same password succeeds.
 *
 * @throws {DomainError} password-too-common, credential-changed or too-many-requests.
 */
export async function resetPassword(
  { database, passwords }: Deps,
  request: { userId: string; newPassword: string; credentialVersion: number },
): Promise<void> {
  const { userId, newPassword, credentialVersion } = request
  if (passwords.isCommon(newPassword)) throw passwordTooCommon('/newPassword')
  const seen = await read(database, (connection) => findCredential(connection, userId))
  const isNext = seen?.version === credentialVersion + 1
  if (isNext && (await passwords.matches(newPassword, seen.passwordHash))) return
  if (seen?.version !== credentialVersion) throw credentialChanged()
  const passwordHash = await passwords.hash(newPassword)
  await inTransaction(database, async (tx) => {
    const present = await lockCredential(tx, userId)
    if (present?.version !== credentialVersion) throw credentialChanged()
    await savePassword(tx, userId, passwordHash)
  })
}
