import { describe, expect, onTestFinished, test } from 'bun:test'
import { count, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import { newId } from '../../database/columns.ts'
import { inTransaction, read, repeatably } from '../../database/database.ts'
import { connectBroker } from '../../messaging/broker.ts'
import { type Subscription, startConsumer } from '../../messaging/consumer.ts'
import { claimMessage } from '../../messaging/inbox.ts'
import { enqueue, outbox } from '../../messaging/outbox.ts'
import { startRelay } from '../../messaging/relay.ts'
import { startTcpProxy } from '../../testing/tcp-proxy.ts'
import {
  cancellation,
  createMessagingDatabase,
  eventually,
  log,
  MYSQL_URL,
  publicationOf,
  RABBITMQ_URL,
  RETRY_DELAYS_MS,
  viewBroker,
} from './messaging.ts'

/** A service with an outbox, a broker of its own, and proxies before both. Queues are made by the test. */
async function createSender() {
  const view = await viewBroker()
  const brokerProxy = await startTcpProxy(RABBITMQ_URL)
  const databaseProxy = await startTcpProxy(MYSQL_URL)
  const { database, drop } = await createMessagingDatabase({
    through(url) {
      const proxied = new URL(url)
      proxied.host = new URL(databaseProxy.url).host
      return proxied.href
    },
  })
  const broker = connectBroker({ url: brokerProxy.url, service: 'order', log, exchange: view.exchange })
  await eventually('the publisher is ready', () => broker.problem() === undefined)
  const stops: (() => Promise<void>)[] = []
  const queue = view.queue('order-cancelled')
  onTestFinished(async () => {
    await Promise.all(stops.map((stop) => stop()))
    await broker.close()
    await drop()
    await Promise.all([brokerProxy.close(), databaseProxy.close()])
    await view.close()
  })

  return {
    ...view,
    queue,
    broker,
    brokerProxy,
    database,
    databaseProxy,
    startRelay(options: { pollIntervalMs?: number } = {}) {
      const relay = startRelay({ database, broker, log, ...options })
      stops.push(relay.stop)
      return relay
    },
    async listen(handle: Subscription<'order.cancelled.v1'>['handle']) {
      const subscription = {
        queue,
        type: 'order.cancelled.v1',
        handle,
        retryDelaysMs: RETRY_DELAYS_MS,
      } as const
      const consumer = startConsumer(broker, subscription)
      stops.push(consumer.stop)
      await eventually('the consumer listens', () => consumer.problem() === undefined)
      return consumer
    },
    async declareQueue() {
      await view.channel.assertQueue(queue, { arguments: { 'x-queue-type': 'quorum' } })
      await view.channel.bindQueue(queue, view.exchange, 'order.cancelled.v1')
    },
    announce: (data = cancellation()) =>
      inTransaction(database, (tx) =>
        enqueue(tx, { service: 'order', type: 'order.cancelled.v1', subject: data.orderId, data }),
      ),
    unsent: () => read(database, (db) => db.$count(outbox, isNull(outbox.sentAt))),
    rowOf: async (id: string) =>
      (await read(database, (db) => db.select().from(outbox).where(eq(outbox.id, id))))[0],
  }
}

describe('startRelay()', () => {
  test('sends what was committed, as it was written, and marks it', async () => {
    const sender = await createSender()
    await sender.declareQueue()
    const id = await sender.announce()
    sender.startRelay()

    const sent = await eventually('it is in the queue', () => sender.take(sender.queue))

    const row = await eventually('it is marked', async () => {
      const row = await sender.rowOf(id)
      return row?.sentAt ? row : undefined
    })
    expect(JSON.parse(sent.content.toString())).toEqual(row.payload)
    expect(sent.properties).toMatchObject({
      messageId: id,
      type: 'order.cancelled.v1',
      contentType: 'application/cloudevents+json; charset=utf-8',
    })
  })

  test('sends as soon as it is woken, without waiting for its next look', async () => {
    const sender = await createSender()
    const heard = new Set<string>()
    const consumer = await sender.listen(async ({ id }) => {
      heard.add(id)
    })
    const relay = sender.startRelay({ pollIntervalMs: 3_600_000 })
    for (let n = 0; n < 20; n++) {
      const id = await sender.announce()
      relay.wake()
      await eventually('it is heard', () => heard.has(id))
    }
    await consumer.stop()
  })

  test('two at once send everything, each message once, and mark every row', async () => {
    const sender = await createSender()
    await sender.declareQueue()
    const ids = await Promise.all(Array.from({ length: 8 }, () => announceMany(sender, 50)))
    const relays = [sender.startRelay(), sender.startRelay()]
    for (const relay of relays) relay.wake()

    await eventually('all is sent', async () => (await sender.unsent()) === 0)

    const received: string[] = []
    for (let message = await sender.take(sender.queue); message; message = await sender.take(sender.queue))
      received.push(String(message.properties.messageId))
    expect(received.toSorted()).toEqual(ids.flat().toSorted())
  })

  test('keeps what no queue takes, and sends it when there is one', async () => {
    const sender = await createSender()
    const id = await sender.announce()
    sender.startRelay()
    await eventually('it was returned twice', async () => ((await sender.rowOf(id))?.attempts ?? 0) >= 2)
    expect((await sender.rowOf(id))?.sentAt).toBeNull()

    await sender.declareQueue()

    await eventually('it is sent', async () => (await sender.unsent()) === 0)
    expect((await eventually('it is there', () => sender.take(sender.queue))).properties.messageId).toBe(id)
  })

  test('keeps what a silent broker did not confirm, and sends it when the broker speaks again', async () => {
    const sender = await createSender()
    await sender.declareQueue()
    await sender.brokerProxy.setMode('black-hole')
    const relay = sender.startRelay()
    const ids = await announceMany(sender, 20)
    relay.wake()
    await eventually('the publisher gave up', () => sender.broker.problem() !== undefined)
    expect(await sender.unsent()).toBe(20)

    await sender.brokerProxy.setMode('pass')
    sender.brokerProxy.cut()

    await eventually('all is sent', async () => (await sender.unsent()) === 0)
    const received = new Set<string>()
    for (let message = await sender.take(sender.queue); message; message = await sender.take(sender.queue))
      received.add(String(message.properties.messageId))
    expect([...received].toSorted()).toEqual(ids.toSorted())
  })

  test('goes on after an outage of its database', async () => {
    const sender = await createSender()
    await sender.declareQueue()
    sender.startRelay()
    const id = await sender.announce()
    await eventually('the first is sent', async () => (await sender.rowOf(id))?.sentAt)
    await sender.databaseProxy.setMode('refuse')
    await expect(sender.announce()).rejects.toMatchObject({ name: 'DependencyUnavailable' })
    await sender.databaseProxy.setMode('pass')

    const next = await eventually('the database is back', () => sender.announce().catch(() => undefined))

    await eventually('the next is sent', async () => (await sender.rowOf(next))?.sentAt)
  })

  test('takes over what a relay that died had leased, when the lease is over', async () => {
    const sender = await createSender()
    await sender.declareQueue()
    const id = await sender.announce()
    const leasedFor = (seconds: number) =>
      repeatably(sender.database, (db) =>
        db
          .update(outbox)
          .set({ claimedBy: newId(), dueAt: sql`now(3) + interval ${seconds} second`, attempts: 1 })
          .where(eq(outbox.id, id)),
      )
    await leasedFor(50)
    const other = await sender.announce()
    sender.startRelay()
    await eventually('the unclaimed one is sent', async () => (await sender.rowOf(other))?.sentAt)
    expect((await sender.rowOf(id))?.sentAt).toBeNull()

    await leasedFor(0)
    await eventually('it is taken over', async () => (await sender.rowOf(id))?.sentAt)
  })

  test('sends what is due further ahead than any lease: the clock was set back meanwhile', async () => {
    const sender = await createSender()
    await sender.declareQueue()
    const id = await sender.announce()
    await repeatably(sender.database, (db) =>
      db.update(outbox).set({ dueAt: sql`now(3) + interval 1 hour` }).where(eq(outbox.id, id)),
    )
    sender.startRelay()
    await eventually('it is sent all the same', async () => (await sender.rowOf(id))?.sentAt)
  })

  test('loses nothing while connections to broker and database break again and again', async () => {
    const sender = await createSender()
    await repeatably(sender.database, (db) =>
      db.execute('create table effects (message_id char(36) not null)'),
    )
    const consumer = await sender.listen(({ id }) =>
      inTransaction(sender.database, async (tx) => {
        if (!(await claimMessage(tx, { consumer: 'order-cancelled', messageId: id }))) return
        await tx.execute(sql`insert into effects values (${id})`)
      }),
    )
    sender.startRelay()
    sender.startRelay()
    const announced: string[] = []
    for (let round = 0; round < 10; round++) {
      announced.push(
        ...(await eventually('announced', () => announceMany(sender, 20).catch(() => undefined))),
      )
      sender.brokerProxy.cut()
      if (round % 3 === 0) sender.databaseProxy.cut()
    }

    await eventually('all is sent', async () => (await sender.unsent().catch(() => -1)) === 0)
    const effects = async () => {
      const [rows] = await repeatably(sender.database, (db) =>
        db.execute(sql`select message_id as id from effects`),
      )
      return Array.isArray(rows) ? rows.map((row) => String(Reflect.get(row, 'id'))) : []
    }
    // A commit that was cut off may have happened, so the table tells what was announced.
    const committed = (await read(sender.database, (db) => db.select({ id: outbox.id }).from(outbox))).map(
      ({ id }) => id,
    )
    expect(committed).toEqual(expect.arrayContaining(announced))
    await eventually('all had their effect', async () => (await effects()).length >= committed.length)
    await consumer.stop()
    expect((await effects()).toSorted()).toEqual(committed.toSorted())
    expect(await sender.depth(`${sender.queue}.dead`)).toBe(0)
  })
})

describe('a message that is published three times', () => {
  test('has one effect', async () => {
    const sender = await createSender()
    let effects = 0
    let handled = 0
    const consumer = await sender.listen(async ({ id }) => {
      const isFirst = await inTransaction(sender.database, (tx) =>
        claimMessage(tx, { consumer: 'order-cancelled', messageId: id }),
      )
      if (isFirst) effects++
      handled++
    })
    const id = await sender.announce()
    const row = await sender.rowOf(id)
    const publication = publicationOf(sender.exchange, row?.payload)

    expect(await sender.broker.publish([publication, publication, publication])).toEqual([
      'confirmed',
      'confirmed',
      'confirmed',
    ])

    await eventually('all three are handled', () => handled === 3)
    expect(effects).toBe(1)
    const [sent] = await read(sender.database, (db) =>
      db.select({ sent: count() }).from(outbox).where(isNotNull(outbox.sentAt)),
    )
    expect(sent).toEqual({ sent: 0 })
    await consumer.stop()
  })
})

async function announceMany(
  sender: Awaited<ReturnType<typeof createSender>>,
  many: number,
): Promise<string[]> {
  return await inTransaction(sender.database, async (tx) => {
    const ids: string[] = []
    for (let n = 0; n < many; n++) {
      const data = cancellation()
      ids.push(
        await enqueue(tx, { service: 'order', type: 'order.cancelled.v1', subject: data.orderId, data }),
      )
    }
    return ids
  })
}
