import { inTransaction, read } from '@bazaar/shared/database/database'
import { DomainError } from '@bazaar/shared/problem'
import { findCredential, insertCredential } from './credential-store.ts'
import type { Deps } from './deps.ts'
import { passwordTooCommon } from './errors.ts'

/**
 * Gives a new user their password. Repeating it with the same password succeeds, so that a sign-up whose answer was
 * lost can be tried again.
 *
 * @throws {DomainError} password-too-common; credential-exists when the user has another password.
 */
export async function setCredential(
  deps: Deps,
  request: { userId: string; password: string },
): Promise<void> {
  const { database, passwords } = deps
  const { userId, password } = request
  if (passwords.isCommon(password)) throw passwordTooCommon('/password')

  const present = await read(database, (connection) => findCredential(connection, userId))
  if (!present) {
    const passwordHash = await passwords.hash(password)
    if (await inTransaction(database, (tx) => insertCredential(tx, userId, passwordHash))) return
  }
  const stored = present ?? (await read(database, (connection) => findCredential(connection, userId)))
  if (!(await passwords.matches(password, stored?.passwordHash))) {
    throw new DomainError('credential-exists', 'The user already has a password; change it instead')
  }
}
