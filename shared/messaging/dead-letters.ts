import { type ConfirmChannel, connect, type GetMessage } from 'amqplib'
import { within } from '../process/deadline.ts'
import { dispose } from './connection.ts'
import { FAILURE_HEADERS } from './delivery.ts'
import { deadLetterQueue } from './topology.ts'

/** A message that could not be handled, as an operator sees it. */
export type DeadLetter = {
  queue: string
  id: string
  type: string
  /** Its subject, if it can be read. */
  subject: string
  reason: string
  attempts: string
  firstFailedAt: string
  content: string
}

/** The most to look through at a time; more are an incident of its own, and there is a next time. */
const LETTERS_MAX = 1_000
const TIMEOUT_MS = 10_000

/** The dead letters of a queue, the oldest first. They stay where they are. */
export async function listDeadLetters(url: string, queue: string): Promise<DeadLetter[]> {
  return withDeadLetters(url, queue, async (_, letters) => letters.map((letter) => describe(queue, letter)))
}

/**
 * Sends dead letters back to the queue they came from, as if they had never failed. Each leaves the dead letters only
 * once the broker has it in the queue. Returns the ids of those that were sent.
 */
export async function replayDeadLetters(
  url: string,
  queue: string,
  wanted: (letter: DeadLetter) => boolean,
): Promise<string[]> {
  return withDeadLetters(url, queue, async (channel, letters) => {
    const returned = new Set<unknown>()
    channel.on('return', (message) => returned.add(message.properties.messageId))
    const sent: string[] = []
    for (const letter of letters) {
      const described = describe(queue, letter)
      if (!wanted(described)) continue
      await publishAgain(channel, queue, letter)
      if (returned.has(letter.properties.messageId))
        throw new Error(`Cannot replay into ${queue}: there is no such queue; start its service first`)
      channel.ack(letter)
      sent.push(described.id)
    }
    // Acknowledgements get no answer; once this call is answered, the earlier ones have arrived.
    await channel.prefetch(1)
    return sent
  })
}

/** Takes the dead letters in hand; those that are not acknowledged go back to their queue afterwards. */
async function withDeadLetters<T>(
  url: string,
  queue: string,
  work: (channel: ConfirmChannel, letters: GetMessage[]) => Promise<T>,
): Promise<T> {
  const model = await connect(url, { timeout: TIMEOUT_MS, clientProperties: { connection_name: 'operator' } })
  // An 'error' event without a listener would end the process; the failed call reports the error.
  model.on('error', () => undefined)
  try {
    return await within(TIMEOUT_MS, take(), 'the broker did not answer')
  } finally {
    // A broker in an alarm reads nothing more from a connection that has published, not even its goodbye.
    await dispose(model)
  }

  async function take(): Promise<T> {
    const channel = await model.createConfirmChannel()
    channel.on('error', () => undefined)
    const letters: GetMessage[] = []
    while (letters.length < LETTERS_MAX) {
      const letter = await channel.get(deadLetterQueue(queue))
      if (!letter) break
      letters.push(letter)
    }
    return work(channel, letters)
  }
}

function publishAgain(channel: ConfirmChannel, queue: string, letter: GetMessage): Promise<void> {
  const { messageId, type, contentType, headers } = letter.properties
  const traceparent: unknown = headers?.['traceparent']
  const options = {
    messageId,
    type,
    contentType,
    headers: typeof traceparent === 'string' ? { traceparent } : {},
    persistent: true,
    mandatory: true,
  }
  return new Promise((resolve, reject) => {
    channel.publish('', queue, letter.content, options, (error: unknown) =>
      error ? reject(error) : resolve(),
    )
  })
}

function describe(queue: string, { properties, content }: GetMessage): DeadLetter {
  const header = (name: string): string => String(properties.headers?.[name] ?? '-')
  const text = content.toString('utf8')
  return {
    queue,
    id: String(properties.messageId ?? '-'),
    type: String(properties.type ?? '-'),
    subject: /"subject":"([^"]{1,64})"/.exec(text)?.[1] ?? '-',
    reason: header(FAILURE_HEADERS.reason),
    attempts: header(FAILURE_HEADERS.attempts),
    firstFailedAt: header(FAILURE_HEADERS.firstFailedAt),
    content: text,
  }
}
