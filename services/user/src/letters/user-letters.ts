/** The facts of each kind of letter about an account. A moment is a text of ISO 8601, in UTC. */
export type UserFacts = {
  'email-verification': { verificationId: string }
  'password-reset': { resetId: string }
  'password-changed': { at: string }
  'email-changed': { at: string }
  'email-added': { at: string }
  'mobile-number-changed': { at: string }
  'account-closed': { at: string }
}

/** A kind of letter about an account. */
export type UserLetterKind = keyof UserFacts

/** Who gets each letter, and when. docs/letters.md is made of it. */
export const userLetters: { [Kind in UserLetterKind]: { to: string; when: string } } = {
  'email-verification': {
    to: 'the address',
    when: 'an account has an e-mail address that is not verified, or somebody asks again',
  },
  'password-reset': { to: 'the owner', when: 'somebody forgot the password of an account' },
  'password-changed': { to: 'the owner', when: 'the password of an account was changed' },
  'email-changed': { to: 'the old address', when: 'the e-mail address of an account was changed' },
  'email-added': { to: 'the new address', when: 'the e-mail address of an account was changed' },
  'mobile-number-changed': { to: 'the owner', when: 'the mobile number of an account was changed' },
  'account-closed': { to: 'the owner', when: 'an account was closed' },
}
