import { isCardNumber } from '../api/text/card-number.ts'

/** The replacement for removed text. */
export const REDACTED = '[redacted]'
const API_KEY = /bzk_[a-z]+_[0-9a-f]{16}_[A-Za-z0-9_-]{20,}/g
/** A session key, or anything else that holds 256 bits in base64url. */
const KEY_OF_256_BITS = /(?<![A-Za-z0-9_+/-])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_+/=-])/g
const BCRYPT_HASH = /\$2[abxy]\$[0-9]{2}\$[A-Za-z0-9./]{53}/g
const USER_IN_URL = /\/\/[^/@\s"]+@/g
const EMAIL = /[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}/g
const DIGITS = /(?<![0-9A-Za-z-])(?:[0-9][ -]?){13,18}[0-9](?![0-9A-Za-z])/g
/** What is shorter, and has neither of these, cannot hold any of them: a card number has fourteen digits or more. */
const LENGTH_MIN = 14
const MARK = /@|\/\//

/**
 * A text without anything that looks like an API key, a session key, a password hash, a password in a URL, an e-mail
 * address or a card number.
 */
export function scrubbed(text: string): string {
  if (text.length < LENGTH_MIN && !MARK.test(text)) return text
  return text
    .replace(API_KEY, REDACTED)
    .replace(KEY_OF_256_BITS, REDACTED)
    .replace(BCRYPT_HASH, REDACTED)
    .replace(USER_IN_URL, `//${REDACTED}@`)
    .replace(EMAIL, REDACTED)
    .replace(DIGITS, (digits) => (isCardNumber(digits) ? REDACTED : digits))
}
