import { DomainError } from '@bazaar/shared/problem'

/** The password is wrong or there is no such user. The answer does not say which. */
export function wrongCredentials(): DomainError {
  return new DomainError('wrong-credentials', 'Wrong user or password')
}

/** The credential is not the one any more that was to be replaced, or is gone. */
export function credentialChanged(): DomainError {
  return new DomainError('credential-changed', 'The password was changed in the meantime')
}

/** The password is one that attackers try first. */
export function passwordTooCommon(pointer: string): DomainError {
  return new DomainError(
    'password-too-common',
    'This password is too common; choose one that is harder to guess',
    {
      errors: [{ pointer, code: 'too-common' }],
    },
  )
}

/** The user has no password. */
export function noCredential(): DomainError {
  return new DomainError('not-found', 'There is no such credential')
}
