import { expect, test } from 'bun:test'
import { withAsciiDigits } from './digits.ts'

test.each([
  ['0123456789', '0123456789'],
  ['٠١٢٣٤٥٦٧٨٩', '0123456789'],
  ['۰۱۲۳۴۵۶۷۸۹', '0123456789'],
  ['०१२३४५६७८९', '0123456789'],
  ['০১২৩৪৫৬৭৮৯', '0123456789'],
  ['๐๑๒๓๔๕๖๗๘๙', '0123456789'],
  ['０１２３４５６７８９', '0123456789'],
  ['𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗𝟘𝟙', '012345678901'],
  ['½ ² Ⅳ 四 a', '½ ² Ⅳ 四 a'],
])('withAsciiDigits() makes of %p %p', (text, ascii) => {
  expect(withAsciiDigits(text)).toBe(ascii)
})
