import { join } from 'node:path'
import { userLetters } from '../../services/user/src/letters/user-letters.ts'
import { wordsEn } from '../../services/user/src/letters/words-en.ts'
import { repository } from '../folders.ts'

/** Where the letters to people are listed. */
export const lettersFile = join(repository, 'docs', 'letters.md')

const FACTS = { at: '2026-01-02T03:04:05Z' }
const LINKS = {
  shop: 'https://shop.example',
  forgotten: 'https://shop.example',
  verifyEmail: () => 'https://shop.example/verify-email',
  newPassword: () => 'https://shop.example/new-password',
}

/** Every letter that is sent to people, as a document. */
export function lettersDocument(): string {
  const entries = Object.entries(userLetters).map(([kind, { to, when }]) => {
    const say = wordsEn[kind as keyof typeof userLetters] as (
      facts: object,
      links: object,
    ) => { subject: string }
    const { subject } = say(FACTS, LINKS)
    return `- **${subject}** (\`${kind}\`): to ${to}, when ${when}\n`
  })
  return `# Letters to people

Made from the code by \`./bazaar run contracts:write documents\`. Each letter is sent in the language of the account, English or
German, once for each cause; a repetition has the same Message-ID.

## User

${entries.join('')}`
}
