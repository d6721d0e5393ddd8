import { describe, expect, test } from 'bun:test'
import { formatIn, readAmount } from './format.ts'
import { languageOf, wordsIn } from './words.ts'

describe('languageOf()', () => {
  test.each([
    [undefined, 'de-AT,de;q=0.9,en;q=0.8', 'de'],
    [undefined, 'fr,en;q=0.5', 'en'],
    [undefined, null, 'en'],
    ['de', 'en', 'de'],
    ['xx', 'de', 'de'],
  ] as const)('chosen %p, accepted %p: %p', (chosen, accepted, language) => {
    expect(languageOf(chosen, accepted)).toBe(language)
  })
})

test('both languages say all the same things, and none of them nothing', () => {
  const [en, de] = [leavesOf(wordsIn('en')), leavesOf(wordsIn('de'))]
  expect(de.map(([path]) => path)).toEqual(en.map(([path]) => path))
  expect([...en, ...de].filter(([, said]) => said === '')).toEqual([])
})

test('money is written as each language writes it', () => {
  expect(formatIn('en').money(129_900, 'EUR')).toBe('€1,299.00')
  expect(formatIn('de').money(129_900, 'EUR')).toBe('1.299,00\u00a0€')
  expect(formatIn('en').money(500, 'JPY')).toBe('JP¥500')
})

test.each([
  ['29', 'EUR', 2_900],
  ['29,5', 'EUR', 2_950],
  ['29.05', 'EUR', 2_905],
  ['1 299,00', 'EUR', 129_900],
  ['29.005', 'EUR', undefined],
  ['-1', 'EUR', undefined],
  ['1.299,00', 'EUR', undefined],
  ['cheap', 'EUR', undefined],
  ['', 'EUR', undefined],
  ['500', 'JPY', 500],
  ['500.5', 'JPY', undefined],
] as const)('readAmount(%p, %p) is %p', (text, currency, amount) => {
  expect(readAmount(text, currency)).toBe(amount)
})

/** Everything that is said, by where it is; of what is put together only that it is. */
function leavesOf(words: object, path = ''): [path: string, said: string][] {
  return Object.entries(words).flatMap(([name, said]): [string, string][] => {
    if (typeof said === 'object') return leavesOf(said, `${path}/${name}`)
    return [[`${path}/${name}`, typeof said === 'string' ? said : 'put together']]
  })
}
