import { de } from './words-de.ts'
import { en } from './words-en.ts'

/** The languages that the shop speaks, each in a file of its own. */
export const LANGUAGES = ['en', 'de'] as const

/** One of the languages. */
export type Language = (typeof LANGUAGES)[number]

/** Everything that the shop says, in one language. */
export type Words = typeof en

/** What the last form came to. */
export type NoticeName = keyof Words['notices']

const ALL: Record<Language, Words> = { en, de }

/** Everything that the shop says in that language. */
export function wordsIn(language: Language): Words {
  return ALL[language]
}

/** The language that was chosen; else the first that the browser asks for and the shop speaks. */
export function languageOf(chosen: string | undefined, accepted: string | null): Language {
  const wanted = [
    chosen ?? '',
    ...(accepted ?? '').split(',').map((one) => one.trim().slice(0, 2).toLowerCase()),
  ]
  return wanted.flatMap((one) => LANGUAGES.filter((language) => language === one))[0] ?? 'en'
}
