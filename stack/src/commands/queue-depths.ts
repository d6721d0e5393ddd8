import { deadLetterQueue } from '@bazaar/shared/messaging/topology'
import { connect } from 'amqplib'

/** The number of messages waiting in a queue, and of those that could not be handled. */
export type QueueDepth = { queue: string; waiting: number; dead: number }

const TIMEOUT_MS = 3_000

/** Asks the broker for the depth of queues; missing queues are left out. Undefined when it does not answer. */
export async function askQueues(url: string, queues: readonly string[]): Promise<QueueDepth[] | undefined> {
  try {
    const connection = await connect(url, { timeout: TIMEOUT_MS })
    connection.on('error', () => undefined)
    const count = async (queue: string): Promise<number | undefined> => {
      // Asking for a missing queue closes the channel.
      const channel = await connection.createChannel()
      channel.on('error', () => undefined)
      try {
        return (await channel.checkQueue(queue)).messageCount
      } catch {
        return undefined
      }
    }
    const depths = await Promise.all(
      queues.map(async (queue) => ({
        queue,
        waiting: await count(queue),
        dead: await count(deadLetterQueue(queue)),
      })),
    )
    await connection.close()
    return depths.flatMap(({ queue, waiting, dead }) =>
      waiting === undefined ? [] : [{ queue, waiting, dead: dead ?? 0 }],
    )
  } catch {
    return undefined
  }
}
