import { randomUUID } from 'node:crypto'
import { statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { recordPath } from '@bazaar/stack/processes/guarded-process'
import { brokerFolder } from '@bazaar/stack/servers/rabbitmq'
import { type Channel, connect, type GetMessage } from 'amqplib'
import type { RowDataPacket } from 'mysql2/promise'
import type { Cluster } from '../cluster/cluster.ts'
import { operate } from '../cluster/operate.ts'
import { rabbitmqctl } from '../cluster/rabbitmqctl.ts'
import { shuffled } from '../random.ts'
import { asAdmin } from './database-faults.ts'
import { anyMember, back, backMember, type Fault } from './fault.ts'
import { paused } from './store-faults.ts'

/*
 * RabbitMQ dies, hangs, takes nothing more, loses what was declared; and messages come twice, late, in another
 * order, or are none.
 */

const WHOLE = 'rabbitmq'
const DEAD_LETTERS = 'dead letters'
const EXCHANGE = 'bazaar'
const DEAD_EXCHANGE = 'bazaar.dead'
const QUEUE = 'inventory.order-cancelled'
const TYPE = 'order.cancelled.v1'
/** RabbitMQ needs several seconds to start, and the machine may be busy. */
const CONNECT_TIMEOUT_MS = 5_000
const SETTLED_AFTER_MS = 15_000

/** Faults of the broker and of what comes out of it. */
export const brokerFaults: readonly Fault[] = [
  {
    rows: ['F40', 'F41'],
    name: 'rabbitmq killed, and a service starts without it',
    weight: 0.15,
    lastsMs: [0, 2_000],
    isQuick: true,
    plan(cluster, random) {
      const { rabbitmq } = cluster.stores
      const member = anyMember(cluster, random, random.pick(['order', 'inventory']))
      return {
        parts: [WHOLE, member.name],
        begin: async () => {
          const [pid, memberPid] = [rabbitmq.pid(), member.pid()]
          if (pid === undefined || memberPid === undefined) return undefined
          const letUp = rabbitmq.keepDown()
          rabbitmq.kill()
          member.kill()
          return {
            heal: async () => {
              // It answers requests before there is a broker.
              await backMember(member, memberPid)
              letUp()
              await back('rabbitmq', async () => {
                const present = rabbitmq.pid()
                return present !== undefined && present !== pid && (await answers(cluster))
              })
            },
            note: member.name,
          }
        },
      }
    },
  },
  {
    rows: ['F43'],
    name: 'rabbitmq paused',
    weight: 0.5,
    lastsMs: [500, 3_000],
    longMs: [20_000, 30_000],
    isQuick: true,
    plan: paused(WHOLE),
  },
  {
    rows: ['F44'],
    name: 'rabbitmq out of memory',
    weight: 0.15,
    lastsMs: [2_000, 5_000],
    longMs: [30_000, 60_000],
    isQuick: false,
    plan: ({ paths }) => ({
      parts: [WHOLE],
      begin: async () => {
        await rabbitmqctl(paths, 'set_vm_memory_high_watermark', '0')
        return { heal: async () => void (await rabbitmqctl(paths, 'set_vm_memory_high_watermark', '0.4')) }
      },
    }),
  },
  {
    rows: ['F45'],
    name: 'queue deleted with what was in it',
    weight: 0.05,
    lastsMs: [0, 0],
    isQuick: true,
    plan: (cluster) => ({
      parts: [WHOLE],
      begin: async () => {
        await back('rabbitmq after its start', () => hasSettled(cluster))
        const { messageCount } = await atBroker(cluster, (channel) => channel.deleteQueue(QUEUE))
        return {
          heal: async () => {
            await back('the queue', () => isDeclared(cluster))
            await sendAgain(cluster)
          },
          note: `${messageCount} messages`,
          poison: [PROBE],
        }
      },
    }),
  },
  {
    rows: ['F52'],
    name: 'rabbitmq loses its disk',
    weight: 0.03,
    lastsMs: [0, 0],
    isQuick: false,
    plan: (cluster) => ({
      parts: [WHOLE, DEAD_LETTERS],
      begin: async () => {
        const { rabbitmq } = cluster.stores
        const pid = rabbitmq.pid()
        if (pid === undefined) return undefined
        const letUp = rabbitmq.keepDown()
        rabbitmq.kill()
        await back('the end of rabbitmq', () => rabbitmq.pid() !== pid)
        await rm(join(brokerFolder(cluster.paths), 'data'), { recursive: true, force: true })
        return {
          heal: async () => {
            letUp()
            await back('rabbitmq', async () => (await answers(cluster)) && (await isDeclared(cluster)))
            await sendAgain(cluster)
          },
          poison: [PROBE],
        }
      },
    }),
  },
  deleted(['F46'], 'binding deleted', (channel) => channel.unbindQueue(QUEUE, EXCHANGE, TYPE)),
  deleted(['F46', 'F47'], 'exchange deleted', (channel) => channel.deleteExchange(EXCHANGE)),
  deleted(['F50'], 'exchange of dead letters deleted', (channel) => channel.deleteExchange(DEAD_EXCHANGE)),
  {
    rows: ['F48'],
    name: 'messages again, late and in another order',
    weight: 1,
    lastsMs: [0, 0],
    isQuick: true,
    plan: (cluster, random) => ({
      parts: ['messages'],
      begin: async () => {
        const messages = await sentMessages(cluster)
        if (messages.length === 0) return undefined
        await atBroker(cluster, async (channel) => {
          for (const message of shuffled([...messages, ...messages, ...messages], random)) {
            channel.publish(EXCHANGE, TYPE, Buffer.from(message.payload), {
              messageId: message.id,
              type: TYPE,
              contentType: 'application/cloudevents+json; charset=utf-8',
              persistent: true,
            })
          }
        })
        return { heal: async () => undefined, note: `${messages.length} messages, three times each` }
      },
    }),
  },
  {
    rows: ['F49'],
    name: 'messages that are none',
    weight: 0.5,
    lastsMs: [0, 0],
    isQuick: true,
    plan: (cluster, random) => ({
      // Where there is no way to the dead letters, poison is lost like any message.
      parts: [WHOLE, DEAD_LETTERS],
      begin: async () => {
        const poison = POISON.map((content) => ({ content, id: randomUUID() }))
        await atBroker(cluster, async (channel) => {
          for (const { content, id } of shuffled(poison, random))
            channel.publish(EXCHANGE, TYPE, content, { messageId: id, type: TYPE, persistent: true })
        })
        const ids = poison.map(({ id }) => id)
        return { heal: () => collectPoison(cluster, new Set(ids)), poison: ids }
      },
    }),
  },
]

/** What can come into a queue without being a message for it. */
const POISON: readonly Buffer[] = [
  Buffer.alloc(0),
  Buffer.from('not JSON'),
  Buffer.from([0xff, 0xfe, 0x00]),
  Buffer.from('null'),
  Buffer.from('{"specversion":"2.0"}'),
  Buffer.from(`${'['.repeat(20_000)}${']'.repeat(20_000)}`),
  Buffer.alloc(1_000_000, ' '),
  Buffer.from(event({ orderId: randomUUID(), cancellationId: randomUUID(), lines: [{ quantity: -1 }] })),
  Buffer.from(event({ orderId: 'none' })),
]

function event(data: unknown): string {
  return JSON.stringify({
    specversion: '1.0',
    id: randomUUID(),
    source: '/bazaar/order',
    type: TYPE,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data,
  })
}

/** Something that services declared is gone. They declare it again by themselves; the fault lasts until then. */
function deleted(
  rows: readonly string[],
  name: string,
  remove: (channel: Channel) => Promise<unknown>,
): Fault {
  return {
    rows,
    name,
    weight: 0.3,
    lastsMs: [0, 0],
    isQuick: true,
    plan: (cluster) => ({
      parts: [WHOLE],
      begin: async () => {
        await atBroker(cluster, remove)
        return { heal: () => back(name, () => isDeclared(cluster)), poison: [PROBE] }
      },
    }),
  }
}

/**
 * Whether RabbitMQ has been up for a while. If a queue is deleted in the moment in which 3.10.8 begins to serve its dead
 * letters, the node loses all of its quorum queues until it is started again. That is no fault of Bazaar.
 */
function hasSettled(cluster: Cluster): boolean {
  // Written when the server starts.
  const record = statSync(recordPath(cluster.paths, 'rabbitmq'), { throwIfNoEntry: false })
  return record !== undefined && Date.now() - record.mtimeMs >= SETTLED_AFTER_MS
}

/** Whether what is published would get into the queue, and what is refused to the dead letters. */
async function isDeclared(cluster: Cluster): Promise<boolean> {
  try {
    return await atBroker(cluster, async (channel) => {
      await channel.checkExchange(DEAD_EXCHANGE)
      await channel.checkExchange(EXCHANGE)
      return await isBound(channel)
    })
  } catch {
    // An exchange that is not there closes the channel.
    return false
  }
}

/** Asks by a message: the broker gives back what no queue takes. What is taken is a poison with a known name. */
async function isBound(channel: Channel): Promise<boolean> {
  let isReturned = false
  channel.once('return', () => {
    isReturned = true
  })
  channel.publish(EXCHANGE, TYPE, Buffer.from('is there a queue?'), {
    messageId: PROBE,
    mandatory: true,
    persistent: true,
  })
  // Whatever is returned comes before the answer to what is asked next.
  await channel.checkExchange(EXCHANGE)
  return !isReturned
}

const PROBE = 'probe-of-the-tests'

/** Waits until all of the poison is among the dead letters, each with its reason. It stays there. */
async function collectPoison(cluster: Cluster, ids: Set<string>): Promise<void> {
  await back('poison among the dead letters', async () => {
    const letters = await atBroker(cluster, async (channel) => {
      const found: GetMessage[] = []
      for (;;) {
        const letter = await channel.get(`${QUEUE}.dead`)
        // Closing the channel puts back what was taken and not acknowledged.
        if (!letter) return found
        found.push(letter)
      }
    })
    const reasons = new Map(
      letters.map(({ properties }) => [properties.messageId, properties.headers?.['x-reason']]),
    )
    return [...ids].every((id) => typeof reasons.get(id) === 'string')
  })
}

/** A quarter of an hour in days: longer than anything waits in a queue that loses it. */
const LOST_DAYS = '0.01'

/** What an operator does when the broker has lost messages: whoever has handled one already does nothing. */
async function sendAgain(cluster: Cluster): Promise<void> {
  for (const service of ['inventory', 'order'] as const)
    await operate(cluster, service, 'messages', 'replay', '--sent-days', LOST_DAYS)
}

/** The last cancellations that were announced. */
async function sentMessages(cluster: Cluster): Promise<{ id: string; payload: string }[]> {
  return await asAdmin(cluster, async (admin) => {
    const [rows] = await admin.query<RowDataPacket[]>(
      `select lower(insert(insert(insert(insert(hex(id), 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-')) id,
        cast(payload as char) payload
       from ${cluster.databases.order}.outbox
       where sent_at is not null and type = ? order by sent_at desc limit 20`,
      [TYPE],
    )
    return rows.map((row) => ({ id: String(row['id']), payload: String(row['payload']) }))
  })
}

/** Does something at the broker, as its administrator. What was published is safe when it returns. */
async function atBroker<T>(cluster: Cluster, work: (channel: Channel) => Promise<T>): Promise<T> {
  const model = await connect(cluster.adminUrls.rabbitmq, { timeout: CONNECT_TIMEOUT_MS })
  model.on('error', () => undefined)
  try {
    const channel = await model.createConfirmChannel()
    channel.on('error', () => undefined)
    const outcome = await work(channel)
    await channel.waitForConfirms()
    return outcome
  } finally {
    await model.close().catch(() => undefined)
  }
}

async function answers(cluster: Cluster): Promise<boolean> {
  return await atBroker(cluster, async () => true).catch(() => false)
}
