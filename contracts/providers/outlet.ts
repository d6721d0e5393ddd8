import { randomBytes } from 'node:crypto'
import type { MessageType } from '@bazaar/shared/api/messages'
import type { Database } from '@bazaar/shared/database/database'
import { connectBroker } from '@bazaar/shared/messaging/broker'
import { startRelay } from '@bazaar/shared/messaging/relay'
import { RABBITMQ_URL } from '@bazaar/shared/testing/stores'
import { testLog } from '@bazaar/shared/testing/test-log'
import { until } from '@bazaar/shared/testing/until'
import { type ConsumeMessage, connect } from 'amqplib'
import type { SentMessage } from './provider.ts'

/** Sends what is in the outbox of a service, as the service does, and shows what arrives. */
export type Outlet = {
  /** Sends what is there and answers what came first of this type. */
  next: (type: MessageType) => Promise<SentMessage>
  close: () => Promise<void>
}

/**
 * Opens a way from the outbox of a service through a real broker: an exchange of our own, and behind it one queue
 * for whatever the routing key is, because whether that is right is for the pact to say.
 */
export async function openOutlet(options: { service: string; database: Database }): Promise<Outlet> {
  const exchange = `contracts-${randomBytes(6).toString('hex')}`
  const broker = connectBroker({ ...options, url: RABBITMQ_URL, log: testLog, exchange })
  const connection = await connect(RABBITMQ_URL)
  const channel = await connection.createChannel()
  await channel.assertExchange(exchange, 'topic', { durable: true })
  const { queue } = await channel.assertQueue('', { exclusive: true })
  await channel.bindQueue(queue, exchange, '#')
  const arrived: ConsumeMessage[] = []
  await channel.consume(queue, (delivery) => void (delivery && arrived.push(delivery)), { noAck: true })
  await until('the broker is connected', () => broker.problem() === undefined)

  return {
    async next(type) {
      arrived.length = 0
      const relay = startRelay({ database: options.database, broker, log: testLog })
      try {
        const isWanted = ({ properties }: ConsumeMessage) => properties.type === type
        return sentMessage(await until('the message has arrived', () => arrived.find(isWanted)))
      } finally {
        await relay.stop()
      }
    },
    async close() {
      await channel.deleteExchange(exchange)
      await connection.close()
      await broker.close()
    },
  }
}

function sentMessage({ fields, properties, content }: ConsumeMessage): SentMessage {
  return {
    metadata: {
      routingKey: fields.routingKey,
      type: String(properties.type),
      messageId: String(properties.messageId),
      mediaType: String(properties.contentType),
    },
    content: JSON.parse(content.toString()),
  }
}
