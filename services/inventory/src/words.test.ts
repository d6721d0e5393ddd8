import { describe, expect, test } from 'bun:test'
import { searchWordsOf, WORD_LENGTH_MAX, wordsOf } from './words.ts'

describe('wordsOf()', () => {
  const cases: [text: string, words: string[]][] = [
    ['', []],
    ['   \n\t ', []],
    ['Blue Kettle, blue lid', ['blue', 'kettle', ',', 'lid']],
    ['Crème brûlée', ['creme', 'brulee']],
    ['ÄRGER', ['arger']],
    ['ﬁne', ['fine']],
    ['100% cotton', ['100', '%', 'cotton']],
    ['C++', ['c', '+']],
    ['snake_case', ['snake', '_', 'case']],
    ['guitar 🎸', ['guitar', '🎸']],
    ['茶碗', ['茶碗']],
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
})
