import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { foldText } from './fold-text.ts'
import { searchWordsOf, WORD_LENGTH_MAX, wordsOf } from './words.ts'

describe('wordsOf()', () => {
  const cases: [text: string, words: string[]][] = [
    ['', []],
    ['   \n\t ', []],
    ['blue kettle, blue lid', ['blue', 'kettle', 'lid']],
    ['100% cotton', ['100', '%', 'cotton']],
    ['c++', ['c', '+']],
    ['snake_case', ['snake', '_', 'case']],
    ['guitar 🎸', ['guitar', '🎸']],
    ["levi's jeans", ['levis', 's', 'jeans']],
    ['"aurora" lamp', ['aurora', 'lamp']],
    ['t-shirt', ['tshirt', 'shirt']],
    ['t shirt', ['tshirt', 'shirt']],
    ['wi-fi 6 router', ['wifi6router', 'fi6router', '6router', 'router']],
    ['red/blue', ['redblue', 'blue']],
    ['ac/dc shirt', ['acdc', 'dc', 'shirt']],
    ['u.s.a. flag', ['usa', 'sa', 'a', 'flag']],
    ['t.rex figure', ['trex', 'rex', 'figure']],
    ['end.then', ['end', 'then', 'endthen']],
    ['at&t phone', ['at', '&', 'tphone', 'phone', 'att', 't']],
    ['h & m', ['h', '&', 'm', 'hm']],
    ['100 & more', ['100', '&', 'more']],
    ["rock'n'roll", ['rocknroll', 'nroll', 'roll']],
    ['coca-cola', ['cocacola', 'cola']],
    ['iphone 14 case', ['iphone14case', '14case', 'case']],
    ['sw-1234/b', ['sw1234b', '1234b', 'b']],
    ['7.50r16', ['7.50r16', '50r16', 'r16', '16']],
    ['7,50', ['7.50', '50']],
    ['10-12 years', ['10-12years', '12years', 'years']],
    ['500 ml', ['500ml', 'ml']],
    ['500ml', ['500ml', 'ml']],
    ['10 x 15 cm', ['10x15cm', 'x15cm', '15cm', 'cm']],
    ['41 42', ['41', '42']],
    ['茶碗', ['茶碗', '碗']],
    ['フライパン', ['フライパン', 'ライパン', 'イパン', 'パン', 'ン']],
    ['tシャツ', ['tシャツ', 'シャツ', 'ャツ', 'ツ']],
    ['कमाल साबुन', ['कमाल', 'साबुन']],
    ['x'.repeat(WORD_LENGTH_MAX + 1), ['x'.repeat(WORD_LENGTH_MAX)]],
  ]
  for (const [text, words] of cases) {
    test(`finds ${words.length} different words in ${JSON.stringify(text)}`, () => {
      expect(wordsOf(text)).toEqual(words)
    })
  }
})

describe('searchWordsOf()', () => {
  test('leaves out a word that is the beginning of another', () => {
    expect(searchWordsOf('ket kettle')).toEqual(['kettle'])
  })

  test('keeps the ten longest of many words', () => {
    const words = searchWordsOf('a bb ccc dddd eeeee ffffff g7 h8 i9 j1 k2 l3')
    expect(words).toHaveLength(10)
    expect(words).toContain('ffffff')
    expect(words).not.toContain('a')
  })

  test('takes a name with an ampersand for one word, beside its ampersand', () => {
    expect(searchWordsOf('at&t')).toEqual(['att', '&'])
    expect(searchWordsOf('h & m')).toEqual(['h', '&', 'm'])
  })

  test('looks for what is written together as a whole', () => {
    expect(searchWordsOf('7.50r16')).toEqual(['7.50r16'])
    expect(searchWordsOf('500 ml')).toEqual(['500', 'ml'])
    expect(searchWordsOf('u.s.a.')).toEqual(['usa'])
    expect(searchWordsOf('ac/dc')).toEqual(['ac', 'dc'])
  })

  test('looks in parts for more letters in a row than are stored', () => {
    expect(searchWordsOf('一二三四五六七八九十百千萬億')).toEqual(['一二三四五六七八九十百千', '萬億'])
  })

  test('finds every text by itself, and by any part of it that is left and right of blanks', () => {
    const pieces = fc.constantFrom(
      't-shirt',
      "levi's",
      '7.50R16',
      '500',
      'ml',
      'x',
      '茶碗',
      'กาแฟ',
      'कमाल',
      'Crème',
      'AC/DC',
      'U.S.A.',
    )
    const texts = fc
      .array(fc.oneof({ weight: 3, arbitrary: pieces }, fc.string({ unit: 'grapheme', maxLength: 30 })), {
        minLength: 1,
        maxLength: 6,
      })
      .chain((parts) => fc.tuple(fc.constant(parts), fc.nat(parts.length - 1), fc.nat(parts.length)))
    fc.assert(
      fc.property(texts, ([parts, from, length]) => {
        const stored = wordsOf(foldText(parts.join(' ')))
        const wanted = searchWordsOf(foldText(parts.slice(from, from + length).join(' ')))
        expect(wanted.filter((word) => !stored.some((one) => one.startsWith(word)))).toEqual([])
      }),
      { numRuns: 1_000 },
    )
  })
})
