import { DomainError } from '@bazaar/shared/problem'

/** The login or the password is wrong. The answer does not say which. */
export function wrongCredentials(): DomainError {
  return new DomainError('wrong-credentials', 'Wrong login or password')
}

/** The link was used, is too old, or never was one. The answer does not say which. */
export function linkNotValid(): DomainError {
  return new DomainError('wrong-credentials', 'This link does not work any more; ask for a new one', {
    errors: [{ pointer: '/token', code: 'not-valid' }],
  })
}

/** Another user, or an unfinished sign-up, has the e-mail address. */
export function emailTaken(): DomainError {
  return new DomainError('email-taken', 'Log in, or use another e-mail address', {
    errors: [{ pointer: '/email', code: 'taken' }],
  })
}

/** Another user, or an unfinished sign-up, has the mobile number. */
export function mobileNumberTaken(): DomainError {
  return new DomainError('mobile-number-taken', 'Log in, or use another mobile number', {
    errors: [{ pointer: '/mobileNumber', code: 'taken' }],
  })
}

/** The change affects how the user logs in, so the session alone is not enough: the password must be sent too. */
export function reauthenticationRequired(): DomainError {
  return new DomainError(
    'reauthentication-required',
    'Send your current password to change the e-mail address or the mobile number',
    { errors: [{ pointer: '/currentPassword', code: 'required' }] },
  )
}

/** The session belongs to a closed account. */
export function notAUserAnyMore(): DomainError {
  return new DomainError('unauthenticated', 'Log in and send the session key in the header SESSION')
}

/** Other people still depend on this account, so it cannot be closed yet. */
export function openBusiness(open: { orderIds: string[]; productIds: string[] }): DomainError {
  return new DomainError(
    'open-business',
    open.productIds.length > 0
      ? 'Archive your products and deliver what you have sold before you close your account'
      : 'Complete or cancel these orders before you close your account',
    { members: open },
  )
}

/** The profile has changed since it was read. */
export function changedMeanwhile(): DomainError {
  return new DomainError('precondition-failed', 'Your profile has changed since you read it; read it again')
}

/** There is no such thing, or it is someone else's. The answer does not say which. */
export function notFound(what: string): DomainError {
  return new DomainError('not-found', `There is no such ${what}`)
}
