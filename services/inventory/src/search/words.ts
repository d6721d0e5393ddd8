import { type Compound, compoundsOf, isNearlyJoined } from './compounds.ts'

/** Increase it when a text gets other words than before: products with a lower version are gone through again. */
export const WORDS_VERSION = 3

/** Longer words are found by their first letters. */
export const WORD_LENGTH_MAX = 40

/** Text without blanks is found by this many letters in a row; longer searches are split into parts. */
const UNSPACED_LENGTH_MAX = 12

/** Longer than any title; the rest of a longer search is ignored. */
const SEARCH_WORDS_MAX = 10

/** Signs between letters that some people leave out in a name: `AT&T`, `H & M`, `Dr.Oetker`. */
const AMPERSAND = /(?<=[\p{L}\p{M}])&(?=\p{L})/gu
const LEFT_OUT = /(?<=[\p{L}\p{M}])(?:\s?&\s?|\.)(?=\p{L})/gu
/** Joins what is before and after it to one word. */
const JOINT = "'"

/**
 * The different search words of a folded text. Pieces that are written together are a word, and so is each piece with
 * everything that follows it: `t-shirt` is found as `tshirt` and `shirt`, `7.50R16` as `7.50r16` and `r16`, and `抹茶碗`
 * also as `茶碗`. A number is also joined with the word before and after it, and a single letter with the word after:
 * `iPhone 14`, `500 ml`, `T shirt`. The same goes for text with a slash and for abbreviations: `AC/DC`, `U.S.A.`.
 * Names with an ampersand or a dot are words with it and without: `AT&T` is also `att`.
 */
export function wordsOf(folded: string): string[] {
  const words = [folded, folded.replaceAll(LEFT_OUT, JOINT)]
    .flatMap((text) => compoundsOf(text, isNearlyJoined))
    .flatMap((compound) => compound.map((_, from) => wordFrom(compound, from)))
  return [...new Set(words)]
}

/**
 * The words to search for: each must be the beginning of a word of the product. Words that begin another search word
 * are redundant and left out; if there are too many words, the longest are kept. `h&m` is one word, and its ampersand
 * is wanted, too.
 */
export function searchWordsOf(folded: string): string[] {
  const text = folded.replaceAll(AMPERSAND, JOINT) + (folded.match(AMPERSAND) ? ' &' : '')
  const words = [...new Set(compoundsOf(text, () => false).flatMap(partsOf))]
  return words
    .filter((word) => !words.some((other) => other !== word && other.startsWith(word)))
    .sort((one, other) => other.length - one.length)
    .slice(0, SEARCH_WORDS_MAX)
}

function wordFrom(compound: Compound, from = 0): string {
  const lengthMax = compound[from]?.kind === 'unspaced' ? UNSPACED_LENGTH_MAX : WORD_LENGTH_MAX
  const letters: string[] = []
  for (const { text, joint } of compound.slice(from, from + lengthMax)) {
    letters.push(...(letters.length === 0 ? '' : joint), ...text)
    if (letters.length >= lengthMax) break
  }
  return letters.slice(0, lengthMax).join('')
}

/** A compound in the form it is searched for: as a whole, or in parts as long as those stored. */
function partsOf(compound: Compound): string[] {
  if (!compound.some(({ kind }) => kind === 'unspaced')) return [wordFrom(compound)]
  const parts: Compound[] = []
  let length = UNSPACED_LENGTH_MAX
  for (const piece of compound) {
    const more = [...piece.joint, ...piece.text].length
    if (length + more > UNSPACED_LENGTH_MAX) parts.push([])
    length = (length + more > UNSPACED_LENGTH_MAX ? 0 : length) + more
    parts.at(-1)?.push(piece)
  }
  return parts.map((part) => wordFrom(part))
}
