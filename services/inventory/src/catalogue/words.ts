/** Increase it when a text gets other words than before: products with a lower version are gone through again. */
export const WORDS_VERSION = 3

/** Longer words are found by their first letters. */
export const WORD_LENGTH_MAX = 40

/** Text without blanks is found by this many letters in a row; longer searches are split into parts. */
const UNSPACED_LENGTH_MAX = 12

/** Longer than any title; the rest of a longer search is ignored. */
const SEARCH_WORDS_MAX = 10

/** A letter, with its marks, of a script without blanks between words: each may begin a word. */
const UNSPACED = String.raw`(?=[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}])\p{L}\p{M}*`
/** Other characters that can be searched for: "C++", "100 %", "🎸". Punctuation cannot. */
const SYMBOL = String.raw`[\p{S}%&#@_*\\]`
const PIECE = new RegExp(
  String.raw`(?<number>\p{N}+)|(?<unspaced>${UNSPACED})|(?<letters>(?:(?!${UNSPACED})[\p{L}\p{M}])+)|(?<symbol>${SYMBOL})`,
  'gu',
)
/** Between the digits of one number or measure: `7.50`, `185/60`, `10-12`, `16:9`. */
const IN_NUMBERS = /^[-.,/:]$/
const IN_WORDS = /^['-]?$/
const BLANK = /^\s+$/
/**
 * A sign between letters that some people leave out: `AC/DC`, `S/M`. It also separates words, so a search with it is
 * not a search for one word.
 */
const SLASH = '/'

/** Signs between letters that some people leave out in a name: `AT&T`, `H & M`, `Dr.Oetker`. */
const AMPERSAND = /(?<=[\p{L}\p{M}])&(?=\p{L})/gu
const LEFT_OUT = /(?<=[\p{L}\p{M}])(?:\s?&\s?|\.)(?=\p{L})/gu
/** Joins what is before and after it to one word. */
const JOINT = "'"

type Piece = { text: string; kind: 'number' | 'unspaced' | 'letters' | 'symbol' }
/** Pieces that are written together, such as `wi` and `fi`, each with the sign that joins it to the one before. */
type Compound = (Piece & { joint: string })[]

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

type Gap = { before: Compound; between: string; next: Piece }

function compoundsOf(folded: string, joinsOver: (gap: Gap) => boolean): Compound[] {
  const compounds: Compound[] = []
  let end = 0
  for (const { 0: text, index, groups } of folded.matchAll(PIECE)) {
    const piece = { text, kind: kindIn(groups) }
    const between = folded.slice(end, index)
    const compound = compounds.at(-1) ?? []
    const written = jointOf(compound.at(-1), between, piece)
    const joint = written ?? (joinsOver({ before: compound, between, next: piece }) ? '' : undefined)
    if (joint === undefined) compounds.push([{ ...piece, joint: '' }])
    else compound.push({ ...piece, joint })
    end = index + text.length
  }
  return compounds
}

function kindIn(groups: Record<string, string | undefined> = {}): Piece['kind'] {
  if (groups['number'] !== undefined) return 'number'
  if (groups['unspaced'] !== undefined) return 'unspaced'
  return groups['letters'] === undefined ? 'symbol' : 'letters'
}

/** The text that joins two pieces of one word; undefined when they are two words. */
function jointOf(before: Piece | undefined, between: string, next: Piece): string | undefined {
  if (!before || before.kind === 'symbol' || next.kind === 'symbol') return undefined
  if (before.kind === 'number' && next.kind === 'number' && IN_NUMBERS.test(between))
    return between === ',' ? '.' : between
  if (between === '.' && isLetter(before) && next.kind === 'letters') return ''
  return IN_WORDS.test(between) ? '' : undefined
}

/** Whether some people write these together and others write a blank or a slash between them. */
function isNearlyJoined({ before, between, next }: Gap): boolean {
  const last = before.at(-1)
  if (!last || last.kind === 'symbol') return false
  if (between === SLASH) return isAlphabetic(last) && isAlphabetic(next)
  if (!BLANK.test(between)) return false
  // A word may be followed by one number, as in `iPhone 14`; after that only numbers and single letters are joined.
  const number = before.findIndex(({ kind }) => kind === 'number')
  const isShort = before.every(isShortPiece) || (number > 0 && before.slice(number).every(isShortPiece))
  if (next.kind === 'number') return last.kind === 'letters' && (isShort || number < 0)
  return next.kind === 'letters' && isShort
}

function isShortPiece(piece: Piece): boolean {
  return piece.kind === 'number' || isLetter(piece)
}

function isAlphabetic({ kind }: Piece): boolean {
  return kind === 'letters' || kind === 'number'
}

function isLetter({ kind, text }: Piece): boolean {
  return kind === 'letters' && text.length === 1
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
