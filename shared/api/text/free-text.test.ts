import { expect, test } from 'bun:test'
import { withoutBlankEnds } from './free-text.ts'

test.each([
  [' \u00a0Kettle\u3000\n', 'Kettle'],
  ['\u200bKettle\u200b', 'Kettle'],
  ['\u2060\u00ad\u2800\u3164\uffa0\u180e\ufeffKettle', 'Kettle'],
  ['Blue  kettle', 'Blue  kettle'],
  ['\u200eשלום\u200f', '\u200eשלום\u200f'],
  ['Mug \u2764\ufe0f', 'Mug \u2764\ufe0f'],
  ['می\u200cخواهم', 'می\u200cخواهم'],
])('withoutBlankEnds() makes of %p %p', (text, shown) => {
  expect(withoutBlankEnds(text)).toBe(shown)
})
