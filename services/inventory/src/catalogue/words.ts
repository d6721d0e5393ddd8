/** Grows when a text has other words than before: products stored with fewer are gone through again. */
export const WORDS_VERSION = 2

/** Longer words are found by their beginning. */
export const WORD_LENGTH_MAX = 40

/** What is written without blanks is found by so many letters in a row; more are looked for in several parts. */
const UNSPACED_LENGTH_MAX = 12

/** What is longer than any title; the rest of a longer search is left out. */
const SEARCH_WORDS_MAX = 10

/** A letter of a script that has no blanks between its words, with its marks: each may begin a word. */
const UNSPACED = String.raw`(?=[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}])\p{L}\p{M}*`
/** What of other characters is looked for: "C++", "100 %", "🎸". Punctuation is not. */
const SYMBOL = String.raw`[\p{S}%&#@_*\\]`
const PIECE = new RegExp(
  String.raw`(?<number>\p{N}+)|(?<unspaced>${UNSPACED})|(?<letters>(?:(?!${UNSPACED})[\p{L}\p{M}])+)|(?<symbol>${SYMBOL})`,
  'gu',
)
/** Between the digits of one number or measure: `7.50`, `185/60`, `10-12`, `16:9`. */
const IN_NUMBERS = /^[-.,/:]$/
const IN_WORDS = /^['-]?$/
const BLANK = /^\s+$/
/** Between letters, some leave it out: `AC/DC`, `S/M`. It also parts words, so it is not searched for as one word. */
const SLASH = '/'

type Piece = { text: string; kind: 'number' | 'unspaced' | 'letters' | 'symbol' }
/** Pieces that are written together, such as `wi` and `fi`, each with what joins it to the one before. */
type Compound = (Piece & { joint: string })[]

/**
 * The different words of a folded text by which it is found. What is written together is a word, and so is each part of
 * it with all that follows: `t-shirt` is found as `tshirt` and `shirt`, `7.50R16` as `7.50r16` and `r16`, and `抹茶碗` as
 * `茶碗`, too. A number is also taken together with the word before and after it, and a single letter with the one
 * after: `iPhone 14`, `500 ml`, `T shirt`. So is what is written with a slash or as an abbreviation: `AC/DC`, `U.S.A.`.
 */
export function wordsOf(folded: string): string[] {
  const words = compoundsOf(folded, isNearlyJoined).flatMap((compound) =>
    compound.map((_, from) => wordFrom(compound, from)),
  )
  return [...new Set(words)]
}

/**
 * The words to search for: every one must be the beginning of a word of what is found. Words that begin another
 * one demand nothing more and are left out; of very many the longest count.
 */
export function searchWordsOf(folded: string): string[] {
  const words = [...new Set(compoundsOf(folded, () => false).flatMap(partsOf))]
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

/** What stands for the text between two pieces of one word; undefined when they are two words. */
function jointOf(before: Piece | undefined, between: string, next: Piece): string | undefined {
  if (!before || before.kind === 'symbol' || next.kind === 'symbol') return undefined
  if (before.kind === 'number' && next.kind === 'number' && IN_NUMBERS.test(between))
    return between === ',' ? '.' : between
  if (between === '.' && isLetter(before) && next.kind === 'letters') return ''
  return IN_WORDS.test(between) ? '' : undefined
}

/** Whether some write together what others write with a blank or a slash between. */
function isNearlyJoined({ before, between, next }: Gap): boolean {
  const last = before.at(-1)
  if (!last || last.kind === 'symbol') return false
  if (between === SLASH) return isAlphabetic(last) && isAlphabetic(next)
  if (!BLANK.test(between)) return false
  // After a word, as in `iPhone 14`, comes one number; from there on nothing but numbers and single letters.
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

/** A compound as it is searched for: as a whole, or in parts of as many letters as are stored. */
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
