import { type ConfirmChannel, connect, type GetMessage } from 'amqplib'
import { adminUrls } from './stack.ts'

/** The queues of the services, by what they hear of. */
export const QUEUES = {
  'order.cancelled.v1': 'inventory.order-cancelled',
  'stock.released.v1': 'order.stock-released',
  'order.changed.v1': 'user.order-changed',
} as const

/** Something to publish: any bytes, under any name. */
export type Letter = {
  routingKey: string
  messageId: string
  content: Buffer
  headers: Record<string, unknown>
}

/** The broker as an administrator sees it. */
export type BrokerView = {
  /** Publishes and waits until the broker has all of it. */
  publish: (letters: readonly Letter[]) => Promise<void>
  /** How many messages wait in a queue. */
  depth: (queue: string) => Promise<number>
  /** Takes those of the dead letters of a queue that `isMine`; all others stay. */
  takeDead: (queue: string, isMine: (letter: GetMessage) => boolean) => Promise<GetMessage[]>
  close: () => Promise<void>
}

/** Connects to the broker of the stack. */
export async function viewBroker(): Promise<BrokerView> {
  const model = await connect(adminUrls.rabbitmq)
  const channel = await model.createConfirmChannel()
  return {
    async publish(letters) {
      for (const { routingKey, messageId, content, headers } of letters)
        channel.publish('bazaar', routingKey, content, { messageId, headers, persistent: true })
      await channel.waitForConfirms()
    },
    depth: async (queue) => (await channel.checkQueue(queue)).messageCount,
    takeDead: (queue, isMine) => takeDead(channel, `${queue}.dead`, isMine),
    close: () => model.close(),
  }
}

async function takeDead(
  channel: ConfirmChannel,
  queue: string,
  isMine: (letter: GetMessage) => boolean,
): Promise<GetMessage[]> {
  const [mine, others]: [GetMessage[], GetMessage[]] = [[], []]
  for (let letter = await channel.get(queue); letter; letter = await channel.get(queue)) {
    if (isMine(letter)) {
      mine.push(letter)
      channel.ack(letter)
    } else others.push(letter)
  }
  for (const letter of others) channel.nack(letter, false, true)
  return mine
}
