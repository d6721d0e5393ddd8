import { deadLetterQueue } from '@bazaar/shared/messaging/topology'
import { within } from '@bazaar/shared/process/deadline'
import { type ChannelModel, connect } from 'amqplib'

/** The number of messages waiting in a queue, and of those that could not be handled. */
export type QueueDepth = { queue: string; waiting: number; dead: number }

const TIMEOUT_MS = 3_000

/**
 * Asks the broker for the depth of queues; missing queues are left out. Undefined when it does not answer in time: a
 * queue that has lost its process is asked for in vain.
 */
export async function askQueues(url: string, queues: readonly string[]): Promise<QueueDepth[] | undefined> {
  try {
    const connection = await connect(url, { timeout: TIMEOUT_MS })
    connection.on('error', () => undefined)
    try {
      return await within(TIMEOUT_MS, depthsOf(connection, queues), 'the broker did not answer')
    } finally {
      // What does not answer may not say goodbye either.
      connection.close().catch(() => undefined)
    }
  } catch {
    return undefined
  }
}

async function depthsOf(connection: ChannelModel, queues: readonly string[]): Promise<QueueDepth[]> {
  const depths = await Promise.all(
    queues.map(async (queue) => ({
      queue,
      waiting: await count(connection, queue),
      dead: await count(connection, deadLetterQueue(queue)),
    })),
  )
  return depths.flatMap(({ queue, waiting, dead }) =>
    waiting === undefined ? [] : [{ queue, waiting, dead: dead ?? 0 }],
  )
}

async function count(connection: ChannelModel, queue: string): Promise<number | undefined> {
  // Asking for a missing queue closes the channel.
  const channel = await connection.createChannel()
  channel.on('error', () => undefined)
  try {
    return (await channel.checkQueue(queue)).messageCount
  } catch {
    return undefined
  }
}
