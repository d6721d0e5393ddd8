import anyAscii from 'any-ascii'

/** Characters inside a word that carry no meaning: `levi’s`, `col·lecció`. */
const APOSTROPHES = /[´`‘’‛′ʹʻʼʽʾʿˈ＇ꞌ·‧]/g
/** Signs that say something about a name but are not part of it. */
const TRADE_MARKS = /[®©™℠]/g
/** Marks that many people leave out when they type: accents on Latin and Greek letters, stress on Cyrillic vowels. */
const ACCENTED = /([\p{Script=Latin}\p{Script=Greek}\p{N}])\p{M}+/gu
const STRESSED = /([аеиоуыэюяєі])[\u0300\u0301]+/g
/** The vowels and pauses of Arabic and Hebrew, and the signs on an alef. */
const POINTS =
  /[\u064b-\u0652\u0656-\u065f\u0670\u06d6-\u06ed\u0640\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7]/g
const MARKED_ALEF = /ا[\u0653-\u0655]+/g
/** Letters and digits that are ASCII ones in another form, and a sign that people type as the letter x. */
const TO_ASCII = /(?!\p{ASCII})[\p{Script=Latin}\p{Nd}×]/gu
const NEITHER_LETTER_NOR_DIGIT = /[^a-z0-9]/g

/**
 * A text in the form used for comparing, both for the text that is searched and for the search itself. These
 * differences do not matter: upper and lower case; accents and other marks that do not make another letter; the
 * several ways to write a letter, digit, apostrophe, quotation mark or dash; invisible characters. Latin letters
 * become those of English (`ø` o, `ß` ss), digits those of ASCII, and Arabic letters one of those that Persian and
 * Urdu write for them (`ی` is `ي`). Marks that make another letter stay: `パ` is not `ハ`, `й` is not `и`, `की` is not
 * `क`.
 */
export function foldText(text: string): string {
  return text
    .replaceAll(APOSTROPHES, "'")
    .replaceAll(TRADE_MARKS, ' ')
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(APOSTROPHES, "'")
    .replaceAll('\u200b', ' ')
    .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replaceAll(ACCENTED, '$1')
    .replaceAll(STRESSED, '$1')
    .replaceAll('е\u0308', 'е')
    .replaceAll(POINTS, '')
    .replaceAll(MARKED_ALEF, 'ا')
    .replaceAll(/[\u06cc\u0649]/g, '\u064a')
    .replaceAll('\u06a9', '\u0643')
    .replaceAll(/[\u0629\u06c1]/g, '\u0647')
    .replaceAll('ς', 'σ')
    .replaceAll(TO_ASCII, asciiOf)
    .replaceAll(/[\p{Pd}\u2212\u2043]/gu, '-')
    .replaceAll('\u2044', '/')
    .normalize('NFC')
}

/** A few phonetic letters have no ASCII form; they stay. */
function asciiOf(letter: string): string {
  const ascii = letter === '×' ? 'x' : anyAscii(letter).toLowerCase()
  return ascii.replaceAll(NEITHER_LETTER_NOR_DIGIT, '') || letter
}
