import { type Channel, connect } from 'amqplib'
import type { Target } from '../cluster/target.ts'
import type { DeadLetter } from './rows.ts'

/** The queues of the services: where messages wait, are tried again later, and end when they cannot be handled. */
export const QUEUES = ['inventory.order-cancelled', 'order.stock-released', 'user.order-changed'] as const
const RETRY_DELAYS_MS = [1_000, 5_000, 15_000, 60_000]
/** More than any run injects. */
const DEAD_LETTERS_MAX = 10_000

/** How many messages wait in each queue of the services, without the dead letters. */
export async function countWaiting(target: Target): Promise<Record<string, number>> {
  const names = QUEUES.flatMap((queue) => [
    queue,
    ...RETRY_DELAYS_MS.map((delayMs) => `${queue}.retry.${delayMs}`),
  ])
  return withChannel(target, async (channel) => {
    const counts: Record<string, number> = {}
    for (const name of names) counts[name] = (await channel.checkQueue(name)).messageCount
    return counts
  })
}

/** What lies in the dead-letter queues. It stays there. */
export async function readDeadLetters(target: Target): Promise<DeadLetter[]> {
  return withChannel(target, async (channel) => {
    const found: DeadLetter[] = []
    for (const name of QUEUES) {
      const queue = `${name}.dead`
      for (let count = 0; count < DEAD_LETTERS_MAX; count++) {
        const message = await channel.get(queue)
        if (message === false) break
        const { messageId, headers } = message.properties
        const reason: unknown = headers?.['x-reason'] ?? headers?.['x-first-death-reason']
        found.push({
          queue,
          messageId: typeof messageId === 'string' ? messageId : null,
          reason: typeof reason === 'string' ? reason : null,
        })
      }
    }
    // Closing the channel puts back what was taken and not acknowledged.
    return found
  })
}

async function withChannel<T>(target: Target, work: (channel: Channel) => Promise<T>): Promise<T> {
  const connection = await connect(target.adminUrls.rabbitmq)
  connection.on('error', () => undefined)
  try {
    const channel = await connection.createChannel()
    channel.on('error', () => undefined)
    return await work(channel)
  } finally {
    await connection.close()
  }
}
