import type { StoredLetter } from '@bazaar/shared/letters/letter-store'
import type { Words } from '@bazaar/shared/letters/page'
import { type OrderFacts, orderLetters } from '../orders/order-letters.ts'
import { orderWordsDe } from '../orders/order-words-de.ts'
import { type OrderLinks, orderWordsEn } from '../orders/order-words-en.ts'
import { linkToken } from './link-token.ts'
import { type UserFacts, userLetters } from './user-letters.ts'
import { wordsDe } from './words-de.ts'
import { type Links, wordsEn } from './words-en.ts'

const WORDS = { en: { ...wordsEn, ...orderWordsEn }, de: { ...wordsDe, ...orderWordsDe } }

/** The kinds of letters that this service writes. */
export const kinds: readonly string[] = Object.keys({ ...userLetters, ...orderLetters })

/** What a letter of this service says, in the language of the person it goes to. */
export function wordsOf(
  { kind, facts, recipient }: Pick<StoredLetter, 'kind' | 'facts' | 'recipient'>,
  { letters, linkSecret }: { letters: { shopOrigin: string }; linkSecret: string },
): Words {
  const { shopOrigin } = letters
  // `tellUser` and `tellOfOrder` are all that writes letters here, and they want the facts of their kind.
  const say = WORDS[recipient.language][kind as keyof (UserFacts & OrderFacts)] as (
    facts: object,
    links: Links & OrderLinks,
  ) => Words
  return say(facts, {
    shop: shopOrigin,
    forgotten: `${shopOrigin}/forgotten-password`,
    verifyEmail: (id) => `${shopOrigin}/verify-email?link=${linkToken(linkSecret, 'email-verification', id)}`,
    newPassword: (id) => `${shopOrigin}/new-password?link=${linkToken(linkSecret, 'password-reset', id)}`,
    order: (id) => `${shopOrigin}/orders/${id}`,
    sale: (id) => `${shopOrigin}/desk/sales/${id}`,
  })
}
