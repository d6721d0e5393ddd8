import { read, repeatably } from '@bazaar/shared/database/database'
import { findCredential, saveRehash } from './credential-store.ts'
import type { Deps } from './deps.ts'
import { wrongCredentials } from './errors.ts'

/**
 * Checks a password. The work and the refusal are the same whether the user exists or not. A hash with an old cost,
 * pepper or composition is renewed while the password is at hand.
 *
 * @throws {DomainError} wrong-credentials; too-many-requests when too many checks are waiting.
 */
export async function verifyCredential(deps: Deps, request: { userId: string; password: string }) {
  const { database, passwords } = deps
  const credential = await read(database, (connection) => findCredential(connection, request.userId))
  const match = await passwords.check(request.password, credential?.passwordHash)
  if (!credential || match === 'wrong') throw wrongCredentials()
  if (match === 'previous' || passwords.isOutdated(credential.passwordHash)) {
    const renewed = await passwords.hash(request.password)
    await repeatably(database, (connection) => saveRehash(connection, credential, renewed))
  }
  return { userId: credential.userId, credentialVersion: credential.version }
}
