import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import type { Message } from '@bazaar/shared/api/messages'
import { newId } from '@bazaar/shared/database/columns'
import { repeatably } from '@bazaar/shared/database/database'
import { connectBroker } from '@bazaar/shared/messaging/broker'
import { startConsumer } from '@bazaar/shared/messaging/consumer'
import { startRelay } from '@bazaar/shared/messaging/relay'
import { deadLetterQueue, retryQueue } from '@bazaar/shared/messaging/topology'
import { RABBITMQ_URL } from '@bazaar/shared/testing/stores'
import { testLog } from '@bazaar/shared/testing/test-log'
import { until } from '@bazaar/shared/testing/until'
import { connect } from 'amqplib'
import { eq, sql } from 'drizzle-orm'
import { startConsumers } from '../../src/consumers.ts'
import { stock } from '../../src/tables.ts'
import { lineOf, startWorld, type World } from '../world.ts'
import { faultsInBooks } from './books.ts'
import { cancellationOf } from './cancellation.ts'

setDefaultTimeout(30_000)

const exchange = `bazaar-test-${newId()}`
const queue = `inventory-test-${newId()}.order-cancelled`
const released: Message<'stock.released.v1'>[] = []
const releasedQueue = `order-test-${newId()}.stock-released`

const world = await startWorld({ wakeRelay: () => relay.wake() })
const seller = await world.seller()
const broker = connectBroker({ url: RABBITMQ_URL, service: 'inventory', log: testLog, exchange })
const order = connectBroker({ url: RABBITMQ_URL, service: 'order', log: testLog, exchange })
const relay = startRelay({ database: world.database, broker, log: testLog })
const consumers = startConsumers(world.deps, broker, queue)
const orderConsumer = startConsumer(order, {
  queue: releasedQueue,
  type: 'stock.released.v1',
  handle: async (message) => void released.push(message),
})
await until('everybody listens', () =>
  [broker, order, ...consumers, orderConsumer].every((one) => !one.problem()),
)

afterAll(async () => {
  for (const consumer of consumers) await consumer.stop()
  await orderConsumer.stop()
  await relay.stop()
  await broker.close()
  await order.close()
  const view = await connect(RABBITMQ_URL)
  const channel = await view.createChannel()
  for (const name of [queue, releasedQueue]) {
    await channel.deleteQueue(name)
    await channel.deleteQueue(deadLetterQueue(name))
    for (const delayMs of [1_000, 5_000, 15_000, 60_000]) await channel.deleteQueue(retryQueue(name, delayMs))
  }
  await channel.deleteExchange(exchange)
  await channel.deleteExchange(`${exchange}.dead`)
  await view.close()
  const faults = await faultsInBooks(world.database)
  await world.close()
  expect(faults).toEqual([])
})

/** Publishes as the order service does. */
async function announce(id: string, body: unknown): Promise<void> {
  const content = Buffer.from(JSON.stringify(body))
  const publication = { exchange, routingKey: 'order.cancelled.v1', messageId: id, content }
  expect(await order.publish([publication])).toEqual(['confirmed'])
}

async function reserved(quantity: number) {
  const kettle = await world.offer(seller)
  const orderId = newId()
  await world.orders.placeReservation({ params: { orderId }, body: { lines: [lineOf(kettle, quantity)] } })
  return { kettle, orderId, lines: [{ productId: kettle.id, quantity }] }
}

/** How many messages were set aside so far, and why the last one was. */
async function deadLetters(): Promise<{ count: number; reason: unknown }> {
  const view = await connect(RABBITMQ_URL)
  const channel = await view.createChannel()
  let count = 0
  let reason: unknown
  for (;;) {
    const message = await channel.get(deadLetterQueue(queue))
    if (!message) break
    count += 1
    reason = message.properties.headers?.['x-reason']
  }
  await view.close()
  return { count, reason }
}

describe('order.cancelled.v1', () => {
  test('over RabbitMQ gives the stock back, and stock.released.v1 comes back', async () => {
    const { kettle, orderId, lines } = await reserved(4)
    const message = cancellationOf(orderId, lines)
    await announce(message.id, message)
    const answer = await until('it is announced', () => released.find(({ subject }) => subject === orderId))
    expect(answer.data).toMatchObject({ orderId, cancellationId: message.data.cancellationId })
    expect(await world.stockOf(kettle.id)).toBe(10)
  })

  test('delivered three times and out of order gives back once', async () => {
    const { kettle, orderId } = await reserved(4)
    const parts = [1, 3].map((quantity) => cancellationOf(orderId, [{ productId: kettle.id, quantity }]))
    for (const message of [...parts, ...parts.toReversed(), ...parts]) await announce(message.id, message)
    await until(
      'both parts are announced',
      () => released.filter(({ subject }) => subject === orderId).length >= 2,
    )
    expect(await world.stockOf(kettle.id)).toBe(10)
    expect((await deadLetters()).count).toBe(0)
  })

  test('that was written by nobody of ours is set aside, and the next is served', async () => {
    const { kettle, orderId, lines } = await reserved(4)
    const good = cancellationOf(orderId, lines)
    const bad: [id: string, body: unknown, reason: string][] = [
      [newId(), 'not a message', 'invalid message'],
      [
        good.id,
        { ...good, data: { ...good.data, lines: [{ productId: kettle.id, quantity: -4 }] } },
        'invalid',
      ],
      [good.id, { ...good, type: 'order.cancelled.v2' }, 'invalid message'],
      [newId(), good, 'invalid message: its messageId'],
    ]
    for (const [index, [id, body, reason]] of bad.entries()) {
      await announce(id, body)
      const found = await until('it is set aside', async () => {
        const dead = await deadLetters()
        return dead.count > index && dead
      })
      expect(String(found.reason)).toStartWith(reason)
    }
    expect(await world.stockOf(kettle.id)).toBe(6)
    await announce(good.id, good)
    await until('the good one is served', async () => (await world.stockOf(kettle.id)) === 10)
  })

  test('of more than is reserved is set aside for the operator', async () => {
    const before = (await deadLetters()).count
    const { kettle, orderId } = await reserved(4)
    const message = cancellationOf(orderId, [{ productId: kettle.id, quantity: 5 }])
    await announce(message.id, message)
    const dead = await until('it is set aside', async () => {
      const found = await deadLetters()
      return found.count > before && found
    })
    expect(dead.reason).toBe('refused: more-than-reserved')
    expect(await world.stockOf(kettle.id)).toBe(6)
  })

  test('waits while the stock cannot be locked, and is served after that', async () => {
    const { kettle, orderId, lines } = await reserved(4)
    const message = cancellationOf(orderId, lines)
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>()
    const holding = repeatably(world.database, async (connection) => {
      await connection.execute('start transaction')
      await connection.select().from(stock).where(eq(stock.productId, kettle.id)).for('update')
      await held
      await connection.execute('rollback')
    })
    await announce(message.id, message)
    await until('it waits for the lock', () => isAnyoneWaiting(world.database))
    expect(await world.stockOf(kettle.id)).toBe(6)
    letGo()
    await holding
    await until('it is served', async () => (await world.stockOf(kettle.id)) === 10)
  })
})

/** Whether a statement waits at this moment for rows of the stock. */
async function isAnyoneWaiting(database: World['database']): Promise<boolean> {
  const [rows] = await repeatably(database, (connection) =>
    connection.execute(sql`select 1 from information_schema.processlist
      where db = database() and id <> connection_id() and info like '%from \`stock\`%for update%'`),
  )
  return Array.isArray(rows) && rows.length > 0
}
