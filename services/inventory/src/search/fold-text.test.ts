import { describe, expect, test } from 'bun:test'
import { foldText } from './fold-text.ts'

describe('foldText()', () => {
  const same: [what: string, folded: string, ...texts: string[]][] = [
    ['upper and lower case', 'ärger', 'ÄRGER', 'Arger'],
    ['accents', 'creme brulee', 'Crème brûlée', 'Crème brûlée'],
    [
      'letters of Latin alphabets',
      'lodz aeroskobing strasse',
      'Łódź Ærøskøbing Straße',
      'ŁÓDŹ ÆRØSKØBING STRASSE',
    ],
    ['Turkish letters', 'istanbul igdir', 'İstanbul Iğdır', 'ıstanbul ığdır'],
    ['Vietnamese letters', 'den dien', 'Đèn điện'],
    ['letters written as one', 'fine', 'ﬁne', 'ｆｉｎｅ'],
    ['apostrophes', "levi's", 'Levi’s', 'Leviʼs', 'Levi´s', 'Levi`s'],
    ['dashes', 't-shirt', 'T‑shirt', 'T–shirt', 'T−shirt', 'T\u00ad-shirt'],
    ['digits', '500', '５００', '٥٠٠', '५००'],
    ['signs of measures', '10x15', '10×15'],
    ['what cannot be seen', 'kettle', 'ket\u00adtle', 'ket\u2060tle'],
    ['Greek accents and the last sigma', 'ελλασ', 'Ελλάς', 'ΕΛΛΆΣ'],
    ['Cyrillic ё and stress', 'елка замок', 'Ёлка за\u0301мок'],
    ['Arabic vowels and signs on an alef', 'احمد', 'أَحْمَد', 'أحمد'],
    ['Arabic letters in Persian and Urdu', 'كتاب علي مدرسه', 'کتاب علی مدرسة', 'كتاب على مدرسہ'],
    ['Hebrew points', 'שלום', 'שָׁלוֹם'],
    ['half-width kana', 'ガラス', 'ｶﾞﾗｽ'],
  ]
  for (const [what, folded, ...texts] of same) {
    test(`takes ${what} for the same`, () => {
      expect(texts.map(foldText)).toEqual(texts.map(() => foldText(folded)))
    })
  }

  const different: [one: string, other: string][] = [
    ['パン', 'ハン'],
    ['कमल', 'कमाल'],
    ['йод', 'иод'],
    ['ї', 'і'],
    ['กาแฟ', 'กแฟ'],
    ['ئ', 'ى'],
    ['꒰', 'a'],
  ]
  for (const [one, other] of different) {
    test(`tells ${one} from ${other}`, () => {
      expect(foldText(one)).not.toBe(foldText(other))
    })
  }

  test('makes letters of ASCII of all Latin letters with a form there, and leaves no mark on any', () => {
    const letters = Array.from({ length: 0x2000 }, (_, code) => String.fromCodePoint(code)).filter((letter) =>
      /(?=\p{Script=Latin})\p{L}/u.test(letter),
    )
    expect(letters.length).toBeGreaterThan(900)
    const kept = letters.filter((letter) => !/^[a-z0-9']+$/.test(foldText(letter)))
    expect(kept.join('')).toBe('ƸƹɁɂʔʕʡʢʭˤᴤᴥᵜ')
  })

  test('changes nothing the second time', () => {
    for (const text of [...same, ...different].flat()) expect(foldText(foldText(text))).toBe(foldText(text))
  })
})
