import { COUNTRIES } from '@bazaar/shared/api/countries'
import { DomainError } from '@bazaar/shared/problem'

const KNOWN: ReadonlySet<string> = new Set(COUNTRIES)

/**
 * The countries in which mail has no postal codes, after the Universal Postal Union's addressing guides and the
 * formats without "postal code" in Google's libaddressinput, as of January 2026.
 */
const WITHOUT_POSTAL_CODE = new Set(
  `AE AG AO AQ AW BF BI BJ BO BQ BS BW BZ CD CF CG CI CK CM CW DJ DM ER FJ GA GD GH GM GQ GY HK HM JM KI KM KN KP
  LC LY ML MO MR MW NR NU PA QA RW SB SC SL SR SS ST SX SY TD TF TG TK TL TO TT TV UG VU YE ZW`.split(/\s+/),
)

/**
 * The postal code of an address, or undefined if it is left out, empty or a dash in a country without postal codes.
 * Every postal code that there is has a digit, so "none" or "n/a" is no code of a country that has them.
 *
 * @throws {DomainError} postal-code-missing if the country has postal codes.
 */
export function postalCodeOf(address: { country: string; postalCode?: string | null }): string | undefined {
  const code = address.postalCode?.trim() ?? ''
  if (/\p{N}/u.test(code)) return code
  if (WITHOUT_POSTAL_CODE.has(address.country)) return /\p{L}/u.test(code) ? code : undefined
  throw new DomainError('postal-code-missing', 'Send the postal code: this country uses postal codes', {
    errors: [{ pointer: '/postalCode', code: 'required' }],
  })
}

/**
 * Refuses an unknown country.
 * @throws {DomainError} unknown-country.
 */
export function refuseUnknownCountry(code: string): void {
  if (KNOWN.has(code)) return
  throw new DomainError('unknown-country', 'Send a two-letter country code such as DE', {
    errors: [{ pointer: '/country', code: 'unknown' }],
  })
}
