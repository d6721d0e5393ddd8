import process from 'node:process'
import { type Channel, type ChannelModel, connect, type GetMessage } from 'amqplib'
import { sql } from 'drizzle-orm'
import { getTableConfig, type MySqlTable } from 'drizzle-orm/mysql-core'
import mysql from 'mysql2/promise'
import pino from 'pino'
import type { Message, MessageData } from '../../api/messages.ts'
import { newId } from '../../database/columns.ts'
import { closeDatabase, connectDatabase, type Database, repeatably } from '../../database/database.ts'
import type { Publication } from '../../messaging/broker.ts'
import { inbox } from '../../messaging/inbox.ts'
import { outbox } from '../../messaging/outbox.ts'

/** The real servers that the tests use. */
export const RABBITMQ_URL = process.env['TEST_RABBITMQ_URL'] ?? 'amqp://guest:guest@127.0.0.1:5672'
export const MYSQL_URL = process.env['TEST_MYSQL_URL'] ?? 'mysql://root@127.0.0.1:3306'

/** Shows what the parts log when LOG_LEVEL is set. */
export const log = pino({ level: process.env['LOG_LEVEL'] ?? 'silent' })

/** Far more than anything here takes: only what never comes true waits for so long. */
const GIVE_UP_AFTER_MS = 40_000

/** Waits until `check` answers something; asks again every few milliseconds. */
export async function eventually<T>(
  what: string,
  check: () => T | undefined | null | false | Promise<T | undefined | null | false>,
): Promise<T> {
  const deadline = Date.now() + GIVE_UP_AFTER_MS
  for (;;) {
    const found = await check()
    if (found !== undefined && found !== null && found !== false) return found
    if (Date.now() > deadline) throw new Error(`Waited ${GIVE_UP_AFTER_MS} ms in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** A view into the broker from outside, on names of its own. */
export type BrokerView = {
  exchange: string
  /** The name of a queue that no other test has. */
  queue: (name: string) => string
  channel: Channel
  /** How many messages are ready in a queue. */
  depth: (queue: string) => Promise<number>
  /** Takes the next message out of a queue, when there is one. */
  take: (queue: string) => Promise<GetMessage | false>
  /** Removes all that the test made. */
  close: () => Promise<void>
}

/** Connects to the broker for looking at it, and for cleaning up. */
export async function viewBroker(): Promise<BrokerView> {
  const prefix = `test-${newId()}`
  const model: ChannelModel = await connect(RABBITMQ_URL)
  const channel = await model.createChannel()
  const queues = new Set<string>()
  return {
    exchange: `bazaar-${prefix}`,
    queue(name) {
      const queue = `${prefix}.${name}`
      queues.add(queue)
      return queue
    },
    channel,
    depth: async (queue) => (await channel.checkQueue(queue)).messageCount,
    take: (queue) => channel.get(queue, { noAck: true }),
    async close() {
      for (const queue of queues) {
        for (const suffix of ['', '.dead', ...RETRY_DELAYS_MS.map((delayMs) => `.retry.${delayMs}`)])
          await channel.deleteQueue(queue + suffix)
      }
      await channel.deleteExchange(`bazaar-${prefix}`)
      await channel.deleteExchange(`bazaar-${prefix}.dead`)
      await model.close()
    },
  }
}

/** The delays that the tests use instead of the real ones. */
export const RETRY_DELAYS_MS = [100, 300, 600] as const

/** Makes a database with an outbox and an inbox, of a random name. `drop` removes it. */
export async function createMessagingDatabase(options: { through?: (url: string) => string } = {}) {
  const name = `test_${newId().replaceAll('-', '')}`
  const administrator = await mysql.createConnection(MYSQL_URL)
  await administrator.query(`create database ${name} character set utf8mb4`)
  const url = new URL(MYSQL_URL)
  url.pathname = name
  const database = connectDatabase({ url: options.through?.(url.href) ?? url.href, poolMax: 8, log })
  for (const table of [outbox, inbox]) await createTable(database, table)
  return {
    database,
    async drop() {
      await closeDatabase(database)
      await administrator.query(`drop database ${name}`)
      await administrator.end()
    },
  }
}

async function createTable(database: Database, table: MySqlTable): Promise<void> {
  const { name, columns, indexes, primaryKeys } = getTableConfig(table)
  const names = (list: readonly object[]) =>
    list.map((column) => `\`${String(Reflect.get(column, 'name'))}\``).join(', ')
  const parts = [
    ...columns.map(
      (column) =>
        `\`${column.name}\` ${column.getSQLType()}${column.notNull ? ' not null' : ''}` +
        (column.primary ? ' primary key' : '') +
        (typeof column.default === 'number' ? ` default ${column.default}` : ''),
    ),
    ...primaryKeys.map((key) => `primary key (${names(key.columns)})`),
    ...indexes.map(({ config }) => `index \`${config.name}\` (${names(config.columns)})`),
  ]
  await repeatably(database, (db) => db.execute(sql.raw(`create table \`${name}\` (${parts.join(', ')})`)))
}

/** What a cancellation says; all ids are new. */
export function cancellation(): MessageData<'order.cancelled.v1'> {
  return {
    orderId: newId(),
    cancellationId: newId(),
    lines: [{ productId: newId(), quantity: 2 }],
    reason: 'changed my mind',
    cancelledAt: new Date().toISOString(),
  }
}

/** A whole message about a cancellation, as the relay would publish it. */
export function cancelledMessage(): Message<'order.cancelled.v1'> {
  const data = cancellation()
  return {
    specversion: '1.0',
    id: newId(),
    source: '/bazaar/order',
    type: 'order.cancelled.v1',
    subject: data.orderId,
    time: data.cancelledAt,
    datacontenttype: 'application/json',
    data,
  }
}

/** Anything as a publication; a message keeps its id. */
export function publicationOf(
  exchange: string,
  body: unknown,
  overrides: Partial<Publication> = {},
): Publication {
  const id: unknown = body instanceof Object ? Reflect.get(body, 'id') : undefined
  return {
    exchange,
    routingKey: 'order.cancelled.v1',
    messageId: typeof id === 'string' ? id : newId(),
    content: Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body)),
    ...overrides,
  }
}
