import type { StoredLetter } from '@bazaar/shared/letters/letter-store'
import type { Words } from '@bazaar/shared/letters/page'
import { type UserFacts, type UserLetterKind, userLetters } from './user-letters.ts'
import { wordsDe } from './words-de.ts'
import { wordsEn } from './words-en.ts'

/** The kinds of letters that this service writes. */
export const kinds: readonly string[] = Object.keys(userLetters)

/** What a letter of this service says, in the language of the person it goes to. */
export function wordsOf(
  { kind, facts, recipient }: Pick<StoredLetter, 'kind' | 'facts' | 'recipient'>,
  shopOrigin: string,
): Words {
  const words = recipient.language === 'de' ? wordsDe : wordsEn
  // `tellUser` is all that writes letters here, and it wants the facts of their kind.
  const say = words[kind as UserLetterKind] as (facts: object, shop: string) => Words
  return say(facts as UserFacts[UserLetterKind], shopOrigin)
}
