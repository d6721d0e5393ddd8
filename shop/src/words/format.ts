import type { Language } from './words.ts'

/** Money, dates and names of places as people of that language write them. */
export type Format = {
  money: (amountMinor: number, currency: string) => string
  /** An amount as it is typed into a field, without the currency. */
  amount: (amountMinor: number, currency: string) => string
  date: (instant: string) => string
  instant: (instant: string) => string
  number: (value: number) => string
  country: (code: string) => string
}

/**
 * How many digits the minor unit of a currency has, by its three letters.
 * @throws {RangeError} when it has not three letters.
 */
const minorDigits = kept(
  (currency) =>
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2,
)
const FORMATS: Readonly<Record<Language, Format>> = { en: newFormat('en-GB'), de: newFormat('de-DE') }

/** How that language writes things. Times are in UTC, as the shop cannot know where a browser is. */
export function formatIn(language: Language): Format {
  return FORMATS[language]
}

function newFormat(locale: string): Format {
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' })
  const instant = new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'UTC',
  })
  const number = new Intl.NumberFormat(locale)
  const countries = new Intl.DisplayNames([locale], { type: 'region', fallback: 'code' })
  const moneyIn = kept((currency) => new Intl.NumberFormat(locale, { style: 'currency', currency }))
  return {
    money: (amountMinor, currency) => moneyIn(currency).format(amountMinor / 10 ** digitsOf(currency)),
    amount: (amountMinor, currency) =>
      new Intl.NumberFormat(locale, {
        minimumFractionDigits: digitsOf(currency),
        useGrouping: false,
      }).format(amountMinor / 10 ** digitsOf(currency)),
    date: (at) => date.format(new Date(at)),
    instant: (at) => `${instant.format(new Date(at))} UTC`,
    number: (value) => number.format(value),
    country: (code) => (/^[A-Z]{2}$/.test(code) ? (countries.of(code) ?? code) : code),
  }
}

/** Makes each only once: a formatter takes far longer to be made than to be used. What cannot be made is not kept. */
function kept<T>(make: (currency: string) => T): (currency: string) => T {
  const made = new Map<string, T>()
  return (currency) => {
    const known = made.get(currency)
    if (known !== undefined) return known
    const fresh = make(currency)
    made.set(currency, fresh)
    return fresh
  }
}

/** How many digits the minor unit of a currency has: 2 for EUR, 0 for JPY. */
function digitsOf(currency: string): number {
  try {
    return minorDigits(currency)
  } catch (error) {
    // What is no currency is refused by the service, which says so.
    if (error instanceof RangeError) return 2
    throw error
  }
}

/** The minor units of an amount as people type it, with a point or a comma; undefined when it is none. */
export function readAmount(text: string, currency: string): number | undefined {
  const found = /^(\d{1,10})(?:[.,](\d+))?$/.exec(text.replaceAll(/[\s\u00a0']/g, ''))
  if (!found) return undefined
  const [, whole = '', fraction = ''] = found
  const digits = digitsOf(currency)
  if (fraction.length > digits) return undefined
  return Number(`${whole}${fraction.padEnd(digits, '0')}`)
}
