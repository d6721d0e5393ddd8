import { afterAll, describe, expect, test } from 'bun:test'
import type { Message, MessageData } from '@bazaar/shared/api/messages'
import { newId } from '@bazaar/shared/database/columns'
import { inTransaction, read, repeatably } from '@bazaar/shared/database/database'
import { letters } from '@bazaar/shared/letters/letters'
import { connectBroker } from '@bazaar/shared/messaging/broker'
import { inbox } from '@bazaar/shared/messaging/inbox'
import { deadLetterQueue, retryQueue } from '@bazaar/shared/messaging/topology'
import { RABBITMQ_URL } from '@bazaar/shared/testing/stores'
import { testLog } from '@bazaar/shared/testing/test-log'
import { until } from '@bazaar/shared/testing/until'
import { connect } from 'amqplib'
import { eq, sql } from 'drizzle-orm'
import { lockUser, saveClosing } from '../src/accounts/user-store.ts'
import { startConsumers } from '../src/consumers.ts'
import { tellOfOrder } from '../src/orders/tell-of-order.ts'
import { openService } from './open-service.ts'
import { member, PASSWORD } from './user-service.ts'

/* People are told in letters what happens to their orders. */

const CONSUMER = 'user.order-changed'

const { service } = await openService()
const { deps } = service

type Told = Partial<MessageData<'order.changed.v1'>>

/** The news that an order of two cups was confirmed, unless said otherwise. */
function newsOf(buyerId: string, sellerId: string, told: Told = {}): Message<'order.changed.v1'> {
  const orderId = newId()
  return {
    specversion: '1.0',
    id: newId(),
    source: '/bazaar/order',
    type: 'order.changed.v1',
    subject: orderId,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data: {
      orderId,
      buyerId,
      change: 'CONFIRMED',
      isSold: true,
      currency: 'EUR',
      lines: [{ sellerId, name: 'Cup', quantity: 2, unitPriceMinor: 500 }],
      givenBackMinor: 0,
      rejectionReason: null,
      carrier: null,
      trackingNumber: null,
      ...told,
    },
  }
}

/** The letters about orders to a person: their kind, address and language. */
async function lettersTo(userId: string) {
  const found = await read(deps.database, (connection) =>
    connection.select().from(letters).where(eq(letters.userId, userId)),
  )
  return found
    .filter(({ kind }) => /^(order|sale)-/.test(kind))
    .map(({ kind, recipient: { email, language } }) => [kind, email, language])
}

async function buyerAndSeller() {
  const [buyer, seller] = await Promise.all([member(service), member(service, 'SELLER')])
  return { buyer, seller }
}

const isHandled = async (id: string) =>
  (await read(deps.database, (connection) => connection.select().from(inbox).where(eq(inbox.messageId, id))))
    .length > 0

/** Whether a statement waits at this moment for the row of somebody. */
async function isAnyoneWaiting(): Promise<boolean> {
  const [rows] = await repeatably(deps.database, (connection) =>
    connection.execute(sql`select 1 from information_schema.processlist
      where db = database() and id <> connection_id() and info like '%from \`users\`%for update%'`),
  )
  return Array.isArray(rows) && rows.length > 0
}

describe('tellOfOrder()', () => {
  test('writes to the buyer and the seller once, however often and at once it is called', async () => {
    const { buyer, seller } = await buyerAndSeller()
    const news = newsOf(buyer.id, seller.id)
    await Promise.all([1, 2, 3].map(() => tellOfOrder(deps, CONSUMER, news)))
    await tellOfOrder(deps, CONSUMER, news)
    expect(await lettersTo(buyer.id)).toEqual([['order-confirmed', buyer.email, 'en']])
    expect(await lettersTo(seller.id)).toEqual([['sale-made', seller.email, 'en']])
  })

  test('writes to the address and in the language that somebody has now', async () => {
    const { buyer, seller } = await buyerAndSeller()
    const email = `new.${buyer.email}`
    const body = { email, language: 'de', currentPassword: PASSWORD } as const
    await service.client.changeProfile({ session: buyer.session, body })
    await tellOfOrder(deps, CONSUMER, newsOf(buyer.id, seller.id, { change: 'DELIVERED' }))
    expect(await lettersTo(buyer.id)).toEqual([['order-delivered', email, 'de']])
    expect(await lettersTo(seller.id)).toEqual([])
  })

  test('writes nothing when it fails, and all of it when the message comes again', async () => {
    const { buyer, seller } = await buyerAndSeller()
    const news = newsOf(buyer.id, seller.id, { change: 'CANCELLED' })
    // What no JSON can hold fails in the transaction, after the message was claimed.
    const lines = news.data.lines.map((line) => ({ ...line, unitPriceMinor: Object(5n) }))
    const broken = { ...news, data: { ...news.data, lines } }
    await expect(tellOfOrder(deps, CONSUMER, broken)).rejects.toThrow('BigInt')
    expect([await isHandled(news.id), await lettersTo(buyer.id)]).toEqual([false, []])
    await tellOfOrder(deps, CONSUMER, news)
    expect(await lettersTo(buyer.id)).toEqual([['order-cancelled', buyer.email, 'en']])
    expect(await lettersTo(seller.id)).toEqual([['sale-cancelled', seller.email, 'en']])
  })

  test('writes nothing to a closed account, and to the other all the same', async () => {
    const { buyer, seller } = await buyerAndSeller()
    await service.client.closeAccount({ session: buyer.session, body: { currentPassword: PASSWORD } })
    const news = newsOf(buyer.id, seller.id)
    await tellOfOrder(deps, CONSUMER, news)
    expect(await lettersTo(buyer.id)).toEqual([])
    expect(await lettersTo(seller.id)).toEqual([['sale-made', seller.email, 'en']])
    expect(await isHandled(news.id)).toBe(true)
  })

  test('waits for an account that is just being closed, so no letter to it is left behind', async () => {
    const { buyer, seller } = await buyerAndSeller()
    const [locked, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const closing = inTransaction(deps.database, async (tx) => {
      await lockUser(tx, buyer.id)
      locked.resolve()
      await goOn.promise
      await saveClosing(tx, buyer.id)
    })
    await locked.promise
    const telling = tellOfOrder(deps, CONSUMER, newsOf(buyer.id, seller.id))
    await until('it waits for the account', isAnyoneWaiting)
    goOn.resolve()
    await Promise.all([closing, telling])
    expect(await lettersTo(buyer.id)).toEqual([])
    expect(await lettersTo(seller.id)).toHaveLength(1)
  })
})

describe('order.changed.v1', async () => {
  const exchange = `bazaar-test-${newId()}`
  const queue = `user-test-${newId()}.order-changed`
  const connected = { url: RABBITMQ_URL, log: testLog, exchange }
  const [broker, order] = [
    connectBroker({ ...connected, service: 'user' }),
    connectBroker({ ...connected, service: 'order' }),
  ]
  const consumers = startConsumers(deps, broker, queue)
  await until('all listen', () => [broker, order, ...consumers].every((one) => !one.problem()))

  afterAll(async () => {
    for (const consumer of consumers) await consumer.stop()
    await broker.close()
    await order.close()
    const view = await connect(RABBITMQ_URL)
    const channel = await view.createChannel()
    const waiting = [1_000, 5_000, 15_000, 60_000].map((delayMs) => retryQueue(queue, delayMs))
    for (const name of [queue, deadLetterQueue(queue), ...waiting]) await channel.deleteQueue(name)
    await channel.deleteExchange(exchange)
    await channel.deleteExchange(`${exchange}.dead`)
    await view.close()
  })

  test('over RabbitMQ makes the letters, once if it is delivered twice', async () => {
    const { buyer, seller } = await buyerAndSeller()
    const [news, later] = [newsOf(buyer.id, seller.id), newsOf(buyer.id, seller.id, { change: 'SHIPPED' })]
    for (const message of [news, news, later]) {
      const content = Buffer.from(JSON.stringify(message))
      const publication = { exchange, routingKey: 'order.changed.v1', messageId: message.id, content }
      expect(await order.publish([publication])).toEqual(['confirmed'])
    }
    await until('all is handled', () => isHandled(later.id))
    expect((await lettersTo(buyer.id)).map(([kind]) => kind).toSorted()).toEqual([
      'order-confirmed',
      'order-shipped',
    ])
    expect(await lettersTo(seller.id)).toEqual([['sale-made', seller.email, 'en']])
  })
})
