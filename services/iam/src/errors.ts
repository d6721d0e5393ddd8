import { DomainError } from '@bazaar/shared/problem'

/** The password is not the user's, or there is no such user: nobody is told which. */
export function wrongCredentials(): DomainError {
  return new DomainError('wrong-credentials', 'The user or the password is wrong')
}

/** The password is one that attackers try first. */
export function passwordTooCommon(pointer: string): DomainError {
  return new DomainError('password-too-common', 'Choose a password that others would not choose', {
    errors: [{ pointer, code: 'too-common' }],
  })
}
