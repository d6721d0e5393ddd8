import type { ConfirmChannel } from 'amqplib'
import { DeadlineExceeded, within } from '../process/deadline.ts'
import { refuseInsideTransaction } from '../process/inside-transaction.ts'
import type { Log } from '../telemetry/log.ts'
import type { MessageCounters } from '../telemetry/message-counters.ts'
import { inSpan, noteInSpan, spanTraceparent } from '../telemetry/spans.ts'
import { keepConnected, openChannel } from './connection.ts'
import { sendSpan } from './message-spans.ts'
import { declareEvents, type Exchanges } from './topology.ts'

/** A message to publish. */
export type Publication = {
  exchange: string
  routingKey: string
  messageId?: string
  type?: string
  contentType?: string
  headers?: Record<string, string | number>
  content: Buffer
}

/**
 * The outcome of a publication: the broker has it on disk in a queue; or it had no queue for it and dropped it; or
 * the outcome is unknown. Only the first kind may be forgotten here; the others must be published again.
 */
export type PublishOutcome = 'confirmed' | 'returned' | 'unknown'

/** One service's connection to the broker for publishing. */
export type Broker = {
  url: string
  service: string
  log: Log
  metrics: MessageCounters | undefined
  exchanges: Exchanges
  /** Publishes a batch and waits for the broker's verdict on each message. Never throws outside a transaction. */
  publish: (publications: readonly Publication[]) => Promise<PublishOutcome[]>
  /** The reason why nothing can be published now, or undefined when it can. */
  problem: () => string | undefined
  /** Closes the connection. Call it when nothing publishes any more. */
  close: () => Promise<void>
}

const CONFIRM_TIMEOUT_MS = 5_000
const PUBLICATION_ID = 'x-publication-id'

/** Identifies the channel's present state, so that no outcome of an old channel is taken for one of the new. */
type PublisherChannel = { channel: ConfirmChannel; returned: Set<string> }

/**
 * Opens a connection to RabbitMQ for publishing. The broker may be down then or at any later time: the connection
 * comes back by itself. Consumers have their own connections, because a broker in an alarm stops reading from
 * connections that publish.
 *
 * `exchange` (default `bazaar`) exists for tests that share a broker.
 */
export function connectBroker(options: {
  url: string
  service: string
  log: Log
  metrics?: MessageCounters
  exchange?: string
}): Broker {
  const { url, service, log, metrics, exchange = 'bazaar' } = options
  const exchanges = { events: exchange, dead: `${exchange}.dead` }
  let publisher: PublisherChannel | undefined
  let published = 0

  const connection = keepConnected({
    url,
    name: `${service} publisher`,
    log,
    async build(life) {
      publisher = undefined
      const channel = await openChannel(life, life.model.createConfirmChannel())
      await declareEvents(channel, exchanges)
      const returned = new Set<string>()
      channel.on('return', (message) => returned.add(String(message.properties.headers?.[PUBLICATION_ID])))
      publisher = { channel, returned }
    },
  })

  async function publish(publications: readonly Publication[]): Promise<PublishOutcome[]> {
    refuseInsideTransaction('publish messages')
    const outcomes = publications.map((): PublishOutcome => 'unknown')
    const open = connection.problem() ? undefined : publisher
    if (!open) return outcomes
    const all = publications.map(async (publication, index) => {
      outcomes[index] = await inSpan(
        () => sendSpan(publication),
        () => publishOne(open, publication, String(++published)),
      )
    })
    // failpoint: publish.before-confirm
    try {
      await within(CONFIRM_TIMEOUT_MS, Promise.allSettled(all), 'the broker did not confirm in time')
    } catch (error) {
      log.warn({ error }, 'messages were not confirmed; they will be published again')
      // A broker in an alarm is healthy and says so; a silent one may be gone for good.
      if (error instanceof DeadlineExceeded && !connection.problem()) connection.renew(error)
    }
    return [...outcomes]
  }

  const { problem, close } = connection
  return { url, service, log, metrics, exchanges, publish, problem, close }
}

/**
 * Publishes one message: kept on disk (persistent), returned when no queue takes it (mandatory). RabbitMQ also
 * confirms a message that it returned, after returning it, so a confirm alone does not mean "in a queue".
 */
function publishOne(
  { channel, returned }: PublisherChannel,
  publication: Publication,
  id: string,
): Promise<PublishOutcome> {
  const { exchange, routingKey, content, headers, ...properties } = publication
  const traceparent = spanTraceparent()
  const options = {
    ...properties,
    headers: { ...headers, ...(traceparent && { traceparent }), [PUBLICATION_ID]: id },
    persistent: true,
    mandatory: true,
  }
  return new Promise((resolve) => {
    channel.publish(exchange, routingKey, content, options, (error: unknown) => {
      const outcome = error ? 'unknown' : returned.delete(id) ? 'returned' : 'confirmed'
      if (outcome !== 'confirmed') noteInSpan(() => ({ attributes: { 'error.type': outcome } }))
      resolve(outcome)
    })
  })
}
