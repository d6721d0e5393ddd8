import { withAsciiDigits } from './digits.ts'

/** How the numbers of cards begin, and how long they are. https://en.wikipedia.org/wiki/Payment_card_number */
const ISSUERS: readonly { begins: RegExp; lengths: readonly number[] }[] = [
  { begins: /^4/, lengths: [13, 16, 19] }, // Visa
  { begins: /^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] }, // Mastercard
  { begins: /^3[47]/, lengths: [15] }, // American Express
  { begins: /^3(0[0-59]|[689])/, lengths: [14, 15, 16, 17, 18, 19] }, // Diners Club
  { begins: /^(5[06-8]|6)/, lengths: [13, 14, 15, 16, 17, 18, 19] }, // Maestro, Discover, UnionPay, RuPay, Verve
  { begins: /^(35(2[89]|[3-8])|8[12]|220[0-4]|9792)/, lengths: [16, 17, 18, 19] }, // JCB, RuPay, Mir, Troy
]

/** The numbers of GS1 that are as long as those of a card: of articles (EAN, ISBN), and of parcels (SSCC). */
const ARTICLE_OR_PARCEL = /^([0-9]{13}|[0-9]{18})$/

/** Digits side by side, or in groups with a blank, a dot or a dash of any kind between them. A line ends them. */
const ROW = /\+?[0-9]+(?:[ \t\u00a0\u2000-\u200a\u202f\u3000.\u2010-\u2015\u2212-]{1,3}[0-9]+)*/g
/** The lengths of the groups in which the numbers of cards are printed and read out. */
const GROUPINGS = [
  [4, 4, 4, 4],
  [4, 4, 4, 4, 3],
  [4, 4, 4, 4, 2],
  [4, 4, 4, 4, 1],
  [6, 13],
  [4, 6, 5],
  [4, 4, 4, 3],
  [4, 6, 4],
  [4, 4, 4, 2],
  [4, 3, 3, 3],
  [4, 4, 4, 1],
]

/** Whether the text is a card number, written with or without blanks: begins like one and has its check digit. */
export function isCardNumber(text: string): boolean {
  const digits = text.replaceAll(/[^0-9]/g, '')
  if (ARTICLE_OR_PARCEL.test(digits) && weightedSum(digits, tripled) % 10 === 0) return false
  const isIssued = ISSUERS.some(
    ({ begins, lengths }) => lengths.includes(digits.length) && begins.test(digits),
  )
  return isIssued && weightedSum(digits, doubled) % 10 === 0
}

/**
 * Whether there is a card number anywhere in a text: side by side, or in the groups in which such numbers are
 * written. Other rows of numbers, such as sizes, years or models, are none, even where their digits happen to add up.
 */
export function holdsCardNumber(text: string): boolean {
  const plain = withAsciiDigits(text.normalize('NFKC')).replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '')
  return (plain.match(ROW) ?? []).some((row) => {
    // After a plus sign comes a telephone number, which can be as long as the number of a card.
    const groups = (row.match(/\+?[0-9]+/g) ?? []).map((group) => (group.startsWith('+') ? '' : group))
    return groups.some((group, start) => isCardNumber(group) || isGroupedAt(groups, start))
  })
}

/** Whether the groups from here on are those of one card number, and not a part of a longer list of the like. */
function isGroupedAt(groups: readonly string[], start: number): boolean {
  return GROUPINGS.some((lengths) => {
    const end = start + lengths.length
    const likeTheFirst = [groups[start - 1], groups[end]].some((group) => group?.length === lengths[0])
    if (likeTheFirst || lengths.some((length, index) => groups[start + index]?.length !== length))
      return false
    return isCardNumber(groups.slice(start, end).join(''))
  })
}

/** Luhn's check: https://en.wikipedia.org/wiki/Luhn_algorithm */
function doubled(digit: number): number {
  return digit > 4 ? digit * 2 - 9 : digit * 2
}

/** GS1's check: https://www.gs1.org/services/how-calculate-check-digit-manually */
function tripled(digit: number): number {
  return digit * 3
}

/** The sum of the digits from the last to the first, every second of which has its weight. */
function weightedSum(digits: string, weigh: (digit: number) => number): number {
  return [...digits]
    .reverse()
    .reduce((sum, digit, index) => sum + (index % 2 === 1 ? weigh(Number(digit)) : Number(digit)), 0)
}
