/** Crockford's digits, without letters that are mistaken for others. https://www.crockford.com/base32.html */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const HANDLE_DIGITS = 8

/**
 * The handle of a shop: the last forty bits of its id, which are random, so that nobody can choose one. People may
 * rightly have the same name, so something else must tell two shops apart.
 */
export function handleOf(id: string): string {
  let rest = Number.parseInt(id.slice(-10), 16)
  let handle = ''
  for (let place = 0; place < HANDLE_DIGITS; place++) {
    handle = (DIGITS[rest % DIGITS.length] ?? '') + handle
    rest = Math.floor(rest / DIGITS.length)
  }
  return `${handle.slice(0, 4)}-${handle.slice(4)}`
}

/** A person who signs up. */
export type NewUser = {
  type: 'BUYER' | 'SELLER'
  name: string
  email: string
  mobileNumber: string
  language?: 'en' | 'de'
}

/** The holder of the e-mail address or mobile number in a sign-up. */
export type Holder = {
  type: 'BUYER' | 'SELLER'
  status: 'PENDING' | 'ACTIVE' | 'CLOSING' | 'CLOSED'
  name: string
  email: string | null
  mobileNumber: string | null
  /** Whether they signed up within the last day. */
  isRecent: boolean
}

/** The meaning of a sign-up, given the holders of its e-mail address and mobile number. */
export type SignUpOutcome = 'first' | 'continued' | 'repeated' | 'email-taken' | 'mobile-number-taken'

/**
 * Tells a repeated sign-up, whose answer was lost or was a 503, from one that another person got ahead of. The same
 * person may continue an interrupted sign-up. If theirs was already complete, they must prove the password as in a
 * log-in, and only within a day, so that sign-up is not a second door to old accounts.
 */
export function signUpOutcome(holders: readonly Holder[], wanted: NewUser): SignUpOutcome {
  const [holder] = holders
  if (!holder) return 'first'
  const isSame =
    holders.length === 1 &&
    holder.email === wanted.email &&
    holder.mobileNumber === wanted.mobileNumber &&
    holder.type === wanted.type
  if (isSame && holder.status === 'PENDING') return 'continued'
  if (isSame && holder.status === 'ACTIVE' && holder.name === wanted.name && holder.isRecent)
    return 'repeated'
  return holders.some(({ email }) => email === wanted.email) ? 'email-taken' : 'mobile-number-taken'
}
