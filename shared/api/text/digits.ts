/** All digits of all scripts. Unicode keeps those of a script side by side, from nought to nine. */
const DIGITS: ReadonlyMap<string, number> = new Map(
  Array.from({ length: 0x20000 }, (_, code) => String.fromCodePoint(code))
    .filter((character) => /\p{Nd}/u.test(character))
    .map((digit, index) => [digit, index % 10]),
)

/** A text with the digits of ASCII in place of those of other scripts. */
export function withAsciiDigits(text: string): string {
  return text.replaceAll(/\p{Nd}/gu, (digit) => String(DIGITS.get(digit) ?? digit))
}
