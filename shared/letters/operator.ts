import { parseArgs } from 'node:util'
import { read } from '../database/database.ts'
import type { Operation } from '../database/operator.ts'
import { scrubbed } from '../telemetry/redact.ts'
import { findLetter, listLetters, type StoredLetter, sendAgain } from './letter-store.ts'
import { renderLetter, type Words } from './page.tsx'

const OPTIONS = { all: { type: 'boolean' }, user: { type: 'string' } } as const
const LISTED_MAX = 100
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * An operator's command about letters: `letters list` shows those that are not sent, `letters list --user ID` all to
 * one person, `letters show ID` what one says, and `letters send ID` (or `--all`) sends what was set aside, or one
 * that was sent, again.
 */
export function lettersOperation<Config>(wordsOf: (config: Config, letter: StoredLetter) => Words) {
  return async (config: Config, { database, args, say }: Operation): Promise<number> => {
    const { positionals, values } = parseArgs({ args, allowPositionals: true, options: OPTIONS })
    const [verb, id] = positionals
    const wrong = [id, values.user].find((one) => one !== undefined && !ID.test(one))
    if (wrong !== undefined) {
      say('That is no id: it is a UUID, as `letters list` shows it')
      return 2
    }
    if (verb === 'send' && (id !== undefined || values.all)) {
      say(`${await sendAgain(database, id)} letters are sent again`)
      return 0
    }
    if (verb === 'show' && id !== undefined) {
      const letter = await read(database, (connection) => findLetter(connection, id))
      say(letter ? textOf(letter, wordsOf(config, letter)) : 'There is no such letter')
      return letter ? 0 : 1
    }
    const which = { userId: values.user, most: LISTED_MAX }
    const found = await read(database, (connection) => listLetters(connection, which))
    for (const letter of found) say(lineOf(letter))
    if (found.length === 0) say(values.user ? 'no letters to this person' : 'no letters wait')
    return 0
  }
}

function lineOf(letter: StoredLetter): string {
  const { id, kind, userId, createdAt, attempts } = letter
  return `${id}  ${kind}  to ${userId}  of ${createdAt.toISOString()}  ${stateOf(letter)}  after ${attempts}`
}

function stateOf({ sentAt, dueAt, reason }: StoredLetter): string {
  if (sentAt) return `sent ${sentAt.toISOString()}`
  return `${dueAt ? 'waits' : 'set aside'}${reason ? ` (${reason})` : ''}`
}

function textOf(letter: StoredLetter, words: Words): string {
  const { text } = renderLetter(letter.recipient.language, words)
  // Operators read what people read, but for the token that opens an account.
  return scrubbed(`${lineOf(letter)}\n\n${words.subject}\n\n${text}`)
}
