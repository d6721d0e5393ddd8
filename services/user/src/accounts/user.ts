/** Crockford's digits: without the letters that are taken for others. https://www.crockford.com/base32.html */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const HANDLE_DIGITS = 8

/**
 * The handle of a shop: the last forty bits of its id, which are random, so that nobody can choose one. Names may be
 * alike, because people have them by right; what must not be is that nothing tells two shops apart.
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

/** Who signs up. */
export type NewUser = { type: 'BUYER' | 'SELLER'; name: string; email: string; mobileNumber: string }

/** Who has the e-mail address or the mobile number that somebody signs up with. */
export type Holder = {
  type: 'BUYER' | 'SELLER'
  status: 'PENDING' | 'ACTIVE' | 'CLOSING' | 'CLOSED'
  name: string
  email: string | null
  mobileNumber: string | null
  /** Whether he signed up within the last day. */
  isRecent: boolean
}

/** What a sign-up is, given who holds its e-mail address and mobile number. */
export type SignUpOutcome = 'first' | 'continued' | 'repeated' | 'email-taken' | 'mobile-number-taken'

/**
 * Tells a sign-up that is repeated, because its answer got lost or was a 503, from one that somebody else got
 * ahead of. The same person may continue where he was interrupted; one who had come to the end is asked for
 * his password as in a log-in, and only within a day, so that sign-up is no second door to old accounts.
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
