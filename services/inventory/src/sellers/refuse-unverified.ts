import type { Session } from '@bazaar/shared/auth/admission'
import type { Deps } from '../deps.ts'
import { emailNotVerified } from '../errors.ts'

/**
 * Refuses to offer for a seller without a verified e-mail address, where the deployment wants one.
 * @throws {DomainError} email-not-verified.
 */
export function refuseUnverified({ config }: Deps, { emailVerified }: Pick<Session, 'emailVerified'>): void {
  if (config.verifiedEmailFor === 'selling' && !emailVerified) throw emailNotVerified()
}
