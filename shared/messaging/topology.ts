import type { Channel } from 'amqplib'

/** The names of the exchanges: messages go to `bazaar`, those that could not be handled to `bazaar.dead`. */
export type Exchanges = { events: string; dead: string }

/** A consumer's subscription: its queue, filled with the messages of one type. */
export type QueueTopology = {
  exchanges: Exchanges
  queue: string
  type: string
  retryDelaysMs: readonly number[]
}

/**
 * The number of times a message may be delivered anew after its consumer broke off, before it goes to the dead
 * letters. Every break counts for all messages in hand, innocent ones included, so the limit is far above what a bad
 * hour brings (tested with 25 breaks). A message that kills its consumer still ends here.
 */
const DELIVERIES_MAX = 100

/**
 * Each look at a dead letter counts as a delivery; without this, RabbitMQ 4.0 and later would drop it at the
 * twentieth.
 */
const LOOKS_MAX = 1_000_000

/** With this, dead-lettering within the broker keeps the message until its new place has confirmed it. */
const LOSE_NOTHING = {
  'x-queue-type': 'quorum',
  'x-dead-letter-strategy': 'at-least-once',
  'x-overflow': 'reject-publish', // at-least-once asks for it
}

/** Declares the exchange that messages are published to. */
export async function declareEvents(channel: Channel, exchanges: Exchanges): Promise<void> {
  await channel.assertExchange(exchanges.events, 'topic', { durable: true })
}

/**
 * Declares everything that a consumer needs: its queue, its dead-letter queue, and one queue for each retry delay, in
 * which messages wait until the broker moves them back. Repeating it repairs anything that was deleted.
 */
export async function declareQueues(channel: Channel, topology: QueueTopology): Promise<void> {
  const { exchanges, queue, type, retryDelaysMs } = topology
  await declareEvents(channel, exchanges)
  await channel.assertExchange(exchanges.dead, 'direct', { durable: true })

  await channel.assertQueue(deadLetterQueue(queue), {
    arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': LOOKS_MAX },
  })
  await channel.bindQueue(deadLetterQueue(queue), exchanges.dead, queue)

  await channel.assertQueue(queue, {
    arguments: {
      ...LOSE_NOTHING,
      'x-delivery-limit': DELIVERIES_MAX,
      'x-dead-letter-exchange': exchanges.dead,
      'x-dead-letter-routing-key': queue,
    },
  })
  await channel.bindQueue(queue, exchanges.events, type)

  for (const delayMs of new Set(retryDelaysMs)) {
    await channel.assertQueue(retryQueue(queue, delayMs), {
      arguments: {
        ...LOSE_NOTHING,
        'x-message-ttl': delayMs,
        'x-dead-letter-exchange': '', // the default exchange: straight to the queue of that name
        'x-dead-letter-routing-key': queue,
      },
    })
  }
}

/** The queue that keeps a queue's failed messages for the operator. */
export function deadLetterQueue(queue: string): string {
  return `${queue}.dead`
}

/** The queue in which a queue's messages wait before they are tried again. */
export function retryQueue(queue: string, delayMs: number): string {
  return `${queue}.retry.${delayMs}`
}
