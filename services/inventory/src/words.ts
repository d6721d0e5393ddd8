/** Longer words are found by their beginning. */
export const WORD_LENGTH_MAX = 40

/** What is longer than any title; the rest of a longer search is left out. */
const SEARCH_WORDS_MAX = 10

// A run of letters and digits is a word; so is each other character that is not a blank: "C++", "100 %", "🎸".
const WORD = /[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu

/**
 * The different words of a text, in the form in which they are compared: upper and lower case, accents and the
 * like make no difference.
 */
export function wordsOf(text: string): string[] {
  const folded = text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
  const words = (folded.match(WORD) ?? []).map((word) => [...word].slice(0, WORD_LENGTH_MAX).join(''))
  return [...new Set(words)]
}

/**
 * The words to search for: every one must be the beginning of a word of what is found. Words that begin another
 * one demand nothing more and are left out; of very many the longest count.
 */
export function searchWordsOf(text: string): string[] {
  const words = wordsOf(text)
  return words
    .filter((word) => !words.some((other) => other !== word && other.startsWith(word)))
    .sort((one, other) => other.length - one.length)
    .slice(0, SEARCH_WORDS_MAX)
}
