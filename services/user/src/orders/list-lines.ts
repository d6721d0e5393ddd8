import { moneyText } from '@bazaar/shared/letters/page'
import type { Ordered } from './order-letters.ts'

type Language = Parameters<typeof moneyText>[0]

/** How a letter in this language lists products, each with what it costs. */
export function listedIn(language: Language): (ordered: Ordered) => string[] {
  const number = new Intl.NumberFormat(language)
  return ({ lines, currency }) =>
    lines.map(
      ({ name, quantity, unitPriceMinor }) =>
        `${number.format(quantity)} × ${name}: ${moneyText(language, quantity * unitPriceMinor, currency)}`,
    )
}

/** How a letter in this language says what is listed costs in all, or another amount of the same currency. */
export function sumIn(language: Language): (ordered: Ordered, amountMinor?: number) => string {
  return ({ lines, currency }, amountMinor = totalMinor(lines)) => moneyText(language, amountMinor, currency)
}

function totalMinor(lines: Ordered['lines']): number {
  return lines.reduce((sum, { quantity, unitPriceMinor }) => sum + quantity * unitPriceMinor, 0)
}
