import type { Language } from './words.ts'

const LOCALES = { en: 'en-GB', de: 'de-DE' } as const satisfies Record<Language, string>

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

/** How that language writes things. Times are in UTC, as the shop cannot know where a browser is. */
export function formatIn(language: Language): Format {
  const locale = LOCALES[language]
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' })
  const instant = new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'UTC',
  })
  const number = new Intl.NumberFormat(locale)
  const countries = new Intl.DisplayNames([locale], { type: 'region', fallback: 'code' })
  return {
    money: (amountMinor, currency) =>
      new Intl.NumberFormat(locale, { style: 'currency', currency }).format(
        amountMinor / 10 ** digitsOf(currency),
      ),
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

/** How many digits the minor unit of a currency has: 2 for EUR, 0 for JPY. */
export function digitsOf(currency: string): number {
  try {
    return (
      new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ??
      2
    )
  } catch (error) {
    // What is no currency is refused by the service, which says so.
    if (error instanceof RangeError) return 2
    throw error
  }
}

/** The minor units of an amount as people type it, with a point or a comma; undefined when it is none. */
export function readAmount(text: string, currency: string): number | undefined {
  const digits = digitsOf(currency)
  const found = /^(\d{1,10})(?:[.,](\d+))?$/.exec(text.replaceAll(/[\s\u00a0']/g, ''))
  if (!found) return undefined
  const [, whole = '', fraction = ''] = found
  if (fraction.length > digits) return undefined
  return Number(`${whole}${fraction.padEnd(digits, '0')}`)
}
