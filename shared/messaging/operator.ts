import { parseArgs } from 'node:util'
import { queuesOf, sendsMessages } from '../api/message-flows.ts'
import type { Operation } from '../database/operator.ts'
import { type DeadLetter, listDeadLetters, replayDeadLetters } from './dead-letters.ts'
import { resendSince } from './outbox.ts'

/** An operator's command about the messages that a service listens to and has sent. */
export function messagesOperation(service: string) {
  return ({ rabbitmqUrl: url }: { rabbitmqUrl: string }, operation: Operation): Promise<number> =>
    messages(operation, { url, queues: queuesOf(service), sends: sendsMessages(service) })
}

const MESSAGE_OPTIONS = { all: { type: 'boolean' }, 'sent-days': { type: 'string' } } as const

/**
 * `messages list` shows the dead letters, `messages show ID` one of them, and `messages replay ID` (or `--all`) sends
 * them back to their queue. `messages replay --sent-days 7` sends all messages of that time again, for a broker that
 * has lost its disk: a consumer that already handled a message does nothing.
 */
async function messages(
  { database, args, say }: Operation,
  broker: { url: string; queues: readonly string[]; sends: boolean },
): Promise<number> {
  const { positionals, values } = parseArgs({ args, allowPositionals: true, options: MESSAGE_OPTIONS })
  const [verb, id] = positionals
  if (verb === 'replay' && values['sent-days'] !== undefined) {
    const count = broker.sends ? await resendSince(database, Number(values['sent-days'])) : 0
    say(`${count} messages will be sent again`)
    return 0
  }
  if (verb === 'replay' && (id !== undefined || values.all)) {
    const wanted = (letter: DeadLetter): boolean => values.all === true || letter.id === id
    const sent = await Promise.all(broker.queues.map((queue) => replayDeadLetters(broker.url, queue, wanted)))
    sayEach(sent.flat().map((one) => `${one} is back in its queue`))
    return 0
  }
  const letters = (await Promise.all(broker.queues.map((queue) => listDeadLetters(broker.url, queue)))).flat()
  if (verb === 'show') {
    sayEach(letters.filter((one) => one.id === id).map((letter) => JSON.stringify(letter, undefined, 2)))
    return 0
  }
  sayEach(letters.map(lineOf))
  return 0

  /** Prints a line even if there is nothing, because silence could be a mistake. */
  function sayEach(lines: readonly string[]): void {
    for (const line of lines.length > 0 ? lines : [`${broker.queues.join(', ')}  none`]) say(line)
  }
}

function lineOf({ queue, id, type, subject, reason, attempts, firstFailedAt }: DeadLetter): string {
  return `${queue}  ${id}  ${type}  ${subject}  after ${attempts}  since ${firstFailedAt}  ${reason}`
}
