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

type Piece = { text: string; kind: 'number' | 'unspaced' | 'letters' | 'symbol' }
/** Pieces that are written together, such as `wi` and `fi`, each with the sign that joins it to the one before. */
export type Compound = (Piece & { joint: string })[]

type Gap = { before: Compound; between: string; next: Piece }

/** The compounds of a folded text, joined where its pieces are written together or where `joinsOver` says so. */
export function compoundsOf(folded: string, joinsOver: (gap: Gap) => boolean): Compound[] {
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
export function isNearlyJoined({ before, between, next }: Gap): boolean {
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
