import { domainToASCII } from 'node:url'
import { emailAddress, mobileNumber } from '@bazaar/shared/api/schema'
import { withAsciiDigits } from '@bazaar/shared/api/text/digits'
import { DomainError } from '@bazaar/shared/problem'
import { parsePhoneNumberFromString } from 'libphonenumber-js/min'

/*
 * E-mail addresses and mobile numbers in the one form in which they are stored, shown and compared, however people
 * write them. Logins from before there was that form still work exactly as they are stored.
 */

/** A login as a person enters it. Numbers from before there was the one form are stored as they were written. */
export type Login = { email: string } | { mobileNumber: string; asWritten: string }

const EMAIL_ADDRESS = new RegExp(emailAddress.pattern ?? '')
const EMAIL_LENGTH_MAX = Number(emailAddress.maxLength)
const MOBILE_NUMBER = new RegExp(mobileNumber.pattern ?? '')
const WRITTEN_NUMBER = /^\+[0-9 ()./-]+$/

/**
 * An e-mail address in lower case, its domain in punycode (`müller.de` is `xn--mller-kva.de`), or undefined when the
 * text is not one. Runtimes disagree about names that are not domains, but agree about everything that passes the
 * pattern.
 */
export function emailForm(text: string): string | undefined {
  const [, name = '', domain = ''] = /^(.+)@([^@]+)$/.exec(text.trim()) ?? []
  const email = `${name}@${domainToASCII(domain)}`
  // Only ASCII gets past the pattern, so no letter of another script can be mistaken for one of an address.
  return EMAIL_ADDRESS.test(email) && email.length <= EMAIL_LENGTH_MAX ? email.toLowerCase() : undefined
}

/**
 * A mobile number in E.164, or undefined when the text is not one. The zero that is dialled only inside a country is
 * dropped: `+49 (0)151 …` and `0049151…` are `+49151…`. A number that its country does not use stays as written,
 * because countries introduce new ones.
 */
export function mobileForm(text: string): string | undefined {
  const written = asInternational(text)
  const number = written && (parsePhoneNumberFromString(written)?.number ?? digitsOf(written))
  return number && MOBILE_NUMBER.test(number) ? number : undefined
}

/** The login that the text means, or undefined when it can be neither an e-mail address nor a mobile number. */
export function loginOf(text: string): Login | undefined {
  const number = mobileForm(text)
  if (number) return { mobileNumber: number, asWritten: digitsOf(asInternational(text) ?? number) }
  const email = emailForm(text)
  return email === undefined ? undefined : { email }
}

/** A person's contact details, and other fields. */
type Contact = { name?: string; email?: string; mobileNumber?: string }

/**
 * The e-mail address and mobile number of a request, if given, in the form in which they are stored.
 * @throws {DomainError} validation-failed.
 */
export function formsOf<T extends Contact>(given: T): T {
  return {
    ...given,
    ...(given.email === undefined ? {} : { email: emailForm(given.email) ?? refuse('/email') }),
    ...(given.mobileNumber === undefined
      ? {}
      : { mobileNumber: mobileForm(given.mobileNumber) ?? refuse('/mobileNumber') }),
  }
}

function refuse(pointer: string): never {
  throw new DomainError(
    'validation-failed',
    'Send an e-mail address and a mobile number at which a person can be reached',
    {
      errors: [{ pointer, code: 'pattern' }],
    },
  )
}

function asInternational(text: string): string | undefined {
  const written = inAscii(text)
    .trim()
    .replace(/^\(?(?:\+|00)/, '+')
  return WRITTEN_NUMBER.test(written) ? written : undefined
}

/**
 * A number with ASCII digits, blanks and dashes. Keyboards of other scripts write other characters, and text copied
 * from an address book is surrounded by invisible marks of direction.
 */
function inAscii(text: string): string {
  return withAsciiDigits(text.normalize('NFKC'))
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll(/[\p{Pd}\u2212]/gu, '-')
    .replaceAll(/\s/g, ' ')
}

function digitsOf(written: string): string {
  return written.replaceAll(/[^+0-9]/g, '')
}
