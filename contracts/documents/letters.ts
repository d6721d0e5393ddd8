import { join } from 'node:path'
import { userLetters } from '../../services/user/src/letters/user-letters.ts'
import { wordsEn } from '../../services/user/src/letters/words-en.ts'
import { orderLetters } from '../../services/user/src/orders/order-letters.ts'
import { orderWordsEn } from '../../services/user/src/orders/order-words-en.ts'
import { repository } from '../folders.ts'

/** Where the letters to people are listed. */
export const lettersFile = join(repository, 'docs', 'letters.md')

const FACTS = {
  at: '2026-01-02T03:04:05Z',
  currency: 'EUR',
  lines: [],
  isWhole: true,
  carrier: null,
  trackingNumber: null,
}
const PAGE = 'https://shop.example'
const LINKS = {
  shop: PAGE,
  forgotten: PAGE,
  verifyEmail: () => PAGE,
  newPassword: () => PAGE,
  order: () => PAGE,
  sale: () => PAGE,
}

type Say = (facts: object, links: object) => { subject: string }

/** Every letter that is sent to people, as a document. */
export function lettersDocument(): string {
  return `# Letters to people

Made from the code by \`./bazaar run contracts:write documents\`. Each letter is sent in the language of the account, English or
German, once for each cause; a repetition has the same Message-ID. All are written by the user service.

## About accounts

${entriesOf(userLetters, wordsEn)}
## About orders

${entriesOf(orderLetters, orderWordsEn)}`
}

function entriesOf(letters: Record<string, { to: string; when: string }>, words: object): string {
  const entries = Object.entries(letters).map(([kind, { to, when }]) => {
    // There are words for each kind.
    const say = Object.entries(words).find(([name]) => name === kind)?.[1] as Say
    return `- **${say(FACTS, LINKS).subject}** (\`${kind}\`): to ${to}, when ${when}\n`
  })
  return entries.join('')
}
