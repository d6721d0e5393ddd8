import { DomainError } from '@bazaar/shared/problem'

/*
 * ISO 3166-1 alpha-2: all 249 officially assigned codes as of January 2026 (the last change was in 2018), and XK for
 * Kosovo, which is not one of them but is what carriers and customs use. We keep our own list because Intl also knows
 * regions (EU, UN) and differs from one runtime to the next.
 */
const COUNTRIES = new Set(
  `AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
  CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO
  FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE
  JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO
  MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW
  PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM
  TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW`.split(/\s+/),
)

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
  if (COUNTRIES.has(code)) return
  throw new DomainError('unknown-country', 'Send a two-letter country code such as DE', {
    errors: [{ pointer: '/country', code: 'unknown' }],
  })
}
