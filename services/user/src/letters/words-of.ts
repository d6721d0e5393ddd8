import type { StoredLetter } from '@bazaar/shared/letters/letter-store'
import type { Words } from '@bazaar/shared/letters/page'
import { linkToken } from './link-token.ts'
import { type UserFacts, type UserLetterKind, userLetters } from './user-letters.ts'
import { wordsDe } from './words-de.ts'
import { type Links, wordsEn } from './words-en.ts'

/** The kinds of letters that this service writes. */
export const kinds: readonly string[] = Object.keys(userLetters)

/** What a letter of this service says, in the language of the person it goes to. */
export function wordsOf(
  { kind, facts, recipient }: Pick<StoredLetter, 'kind' | 'facts' | 'recipient'>,
  { letters, linkSecret }: { letters: { shopOrigin: string }; linkSecret: string },
): Words {
  const words = recipient.language === 'de' ? wordsDe : wordsEn
  // `tellUser` is all that writes letters here, and it wants the facts of their kind.
  const say = words[kind as UserLetterKind] as (facts: object, links: Links) => Words
  return say(facts as UserFacts[UserLetterKind], {
    shop: letters.shopOrigin,
    forgotten: `${letters.shopOrigin}/forgotten-password`,
    verifyEmail: (id) =>
      `${letters.shopOrigin}/verify-email?link=${linkToken(linkSecret, 'email-verification', id)}`,
    newPassword: (id) =>
      `${letters.shopOrigin}/new-password?link=${linkToken(linkSecret, 'password-reset', id)}`,
  })
}
