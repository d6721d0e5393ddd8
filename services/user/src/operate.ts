import { operate } from '@bazaar/shared/database/operator'
import { lettersOperation } from '@bazaar/shared/letters/operator'
import { messagesOperation } from '@bazaar/shared/messaging/operator'
import { type Config, readConfig } from './config.ts'
import { wordsOf } from './letters/words-of.ts'

/*
 * `bun src/operate.ts letters …` or `messages …`: an operator's commands for this service; see
 * shared/database/operator.ts.
 */

await operate('user', {
  readConfig,
  operations: {
    letters: lettersOperation((config: Config, letter) => wordsOf(letter, config)),
    messages: messagesOperation('user'),
  },
})
