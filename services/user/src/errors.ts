import { DomainError } from '@bazaar/shared/problem'

/** The login or the password is wrong: nobody is told which. */
export function wrongCredentials(): DomainError {
  return new DomainError('wrong-credentials', 'The login or the password is wrong')
}

/** Another user, or a sign-up that has not come to its end, has the e-mail address. */
export function emailTaken(): DomainError {
  return new DomainError('email-taken', 'Log in, or use another e-mail address', {
    errors: [{ pointer: '/email', code: 'taken' }],
  })
}

/** Another user, or a sign-up that has not come to its end, has the mobile number. */
export function mobileNumberTaken(): DomainError {
  return new DomainError('mobile-number-taken', 'Log in, or use another mobile number', {
    errors: [{ pointer: '/mobileNumber', code: 'taken' }],
  })
}

/** What is changed is a way to log in, so whoever holds the session must show that he is the user. */
export function reauthenticationRequired(): DomainError {
  return new DomainError(
    'reauthentication-required',
    'Send the password to change the e-mail address or the mobile number',
    { errors: [{ pointer: '/currentPassword', code: 'required' }] },
  )
}

/** The session is of somebody whose account was closed. */
export function notAUserAnyMore(): DomainError {
  return new DomainError('unauthenticated', 'Log in and send the session key in the header SESSION')
}

/** Others still count on somebody who wants to close his account. */
export function openBusiness(open: { orderIds: string[]; productIds: string[] }): DomainError {
  return new DomainError(
    'open-business',
    open.productIds.length > 0
      ? 'Archive your products, and bring what was sold to its buyers, before you close your account'
      : 'Bring these orders to their end, or cancel them, before you close your account',
    { members: open },
  )
}

/** The profile has changed since it was read. */
export function changedMeanwhile(): DomainError {
  return new DomainError('precondition-failed', 'Read your profile again: it was changed since')
}

/** No such thing, or it is somebody else's: nobody is told which. */
export function notFound(what: string): DomainError {
  return new DomainError('not-found', `There is no such ${what}`)
}
