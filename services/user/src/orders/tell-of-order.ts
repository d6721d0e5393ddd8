import type { Message } from '@bazaar/shared/api/messages'
import { inTransaction } from '@bazaar/shared/database/database'
import { writeLetters } from '@bazaar/shared/letters/letters'
import { claimMessage } from '@bazaar/shared/messaging/inbox'
import type { Deps } from '../deps.ts'
import { recipientOf } from '../letters/tell-user.ts'
import { lettersAbout } from './letters-about.ts'
import { lockRecipients } from './recipient-store.ts'

/**
 * Writes the letters about a change of an order, to the addresses that its people have now. A message that arrives
 * twice is told once. Somebody whose account was closed in the meantime gets none.
 */
export async function tellOfOrder(
  { database, postman, log }: Pick<Deps, 'database' | 'postman' | 'log'>,
  consumer: string,
  message: Message<'order.changed.v1'>,
): Promise<void> {
  const wanted = lettersAbout(message.data)
  const withheld = await inTransaction(database, async (tx) => {
    if (!(await claimMessage(tx, { consumer, messageId: message.id }))) return []
    const people = await lockRecipients(
      tx,
      wanted.map(({ userId }) => userId),
    )
    const letters = wanted.map((letter) => ({
      ...letter,
      cause: `${letter.userId}.${message.id}`,
      to: people.find(({ id }) => id === letter.userId),
    }))
    await writeLetters(
      tx,
      letters.flatMap(({ to, ...letter }) => (to ? [{ ...letter, to: recipientOf(to) }] : [])),
    )
    // failpoint: tell-of-order.before-commit
    return letters.filter(({ to }) => to === undefined)
  })
  // failpoint: tell-of-order.after-commit
  for (const { kind, userId } of withheld) log.info({ kind, userId }, 'no letter: the account is closed')
  postman.wake()
}
