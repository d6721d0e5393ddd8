import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { connectBroker } from '../broker.ts'
import { startConsumer } from '../consumer.ts'
import {
  type BrokerView,
  cancelledMessage,
  eventually,
  log,
  publicationOf,
  RABBITMQ_URL,
  RETRY_DELAYS_MS,
  viewBroker,
} from './messaging.ts'
import { startTcpProxy } from './tcp-proxy.ts'

let view: BrokerView
let queue: string

beforeAll(async () => {
  view = await viewBroker()
  queue = view.queue('listener')
  await view.channel.assertExchange(view.exchange, 'topic', { durable: true })
  await view.channel.assertQueue(queue, { arguments: { 'x-queue-type': 'quorum' } })
  await view.channel.bindQueue(queue, view.exchange, 'order.cancelled.v1')
})

afterAll(() => view.close())

function connectTo(url: string) {
  return connectBroker({ url, service: 'order', log, exchange: view.exchange })
}

async function publishOne(broker: ReturnType<typeof connectTo>) {
  return await broker.publish([publicationOf(view.exchange, cancelledMessage())])
}

function ready(broker: ReturnType<typeof connectTo>, timeoutMs?: number) {
  return eventually('the broker connection is ready', () => broker.problem() === undefined, timeoutMs)
}

describe('publish()', () => {
  test('tells what is in a queue from what was returned, in one batch', async () => {
    const broker = connectTo(RABBITMQ_URL)
    await ready(broker)
    const nowhere = publicationOf(view.exchange, cancelledMessage(), { routingKey: 'nobody.listens.v1' })
    const somewhere = publicationOf(view.exchange, cancelledMessage())

    const outcomes = await broker.publish([nowhere, somewhere, nowhere, somewhere])

    expect(outcomes).toEqual(['returned', 'confirmed', 'returned', 'confirmed'])
    await broker.close()
  })

  test('stores what it publishes: persistent, with its id and headers', async () => {
    const broker = connectTo(RABBITMQ_URL)
    await ready(broker)
    await view.channel.purgeQueue(queue)
    const message = cancelledMessage()

    await broker.publish([publicationOf(view.exchange, message, { headers: { traceparent: 'abc' } })])

    const stored = await view.take(queue)
    if (!stored) throw new Error('nothing in the queue')
    expect(stored.properties.deliveryMode).toBe(2)
    expect(stored.properties.messageId).toBe(message.id)
    expect(stored.properties.headers?.['traceparent']).toBe('abc')
    expect(JSON.parse(stored.content.toString())).toEqual(message)
    await broker.close()
  })

  test('works again within a second after the broker closed its channel', async () => {
    const broker = connectTo(RABBITMQ_URL)
    await ready(broker)

    expect(await broker.publish([publicationOf('no-such-exchange', cancelledMessage())])).toEqual(['unknown'])

    await eventually('publishing works', async () => (await publishOne(broker))[0] === 'confirmed', 1_000)
    await broker.close()
  })

  test('declares the exchange again when somebody deleted it', async () => {
    const broker = connectBroker({
      url: RABBITMQ_URL,
      service: 'order',
      log,
      exchange: `${view.exchange}-deleted`,
    })
    await ready(broker)
    await view.channel.deleteExchange(`${view.exchange}-deleted`)
    const publish = () => broker.publish([publicationOf(`${view.exchange}-deleted`, cancelledMessage())])

    expect(await publish()).toEqual(['unknown'])

    await eventually('the exchange is back', async () => (await publish())[0] === 'returned')
    await view.channel.deleteExchange(`${view.exchange}-deleted`)
    await broker.close()
  })

  test('gives 2000 messages at once their outcomes while the connection is cut, and hangs on none', async () => {
    const proxy = await startTcpProxy(RABBITMQ_URL)
    const broker = connectTo(proxy.url)
    await ready(broker)
    const messages = Array.from({ length: 2_000 }, () => publicationOf(view.exchange, cancelledMessage()))

    const publishing = broker.publish(messages)
    setTimeout(proxy.cut, 20)
    const outcomes = await publishing

    expect(outcomes.length).toBe(2_000)
    expect(outcomes).toContain('unknown')
    await ready(broker)
    await broker.close()
    await proxy.close()
  })

  test('says unknown within 5 s when the broker has fallen silent, and works when it speaks again', async () => {
    const proxy = await startTcpProxy(RABBITMQ_URL)
    const broker = connectTo(proxy.url)
    await ready(broker)
    await proxy.setMode('black-hole')
    const startedAt = Date.now()

    expect(await publishOne(broker)).toEqual(['unknown'])
    expect(Date.now() - startedAt).toBeLessThan(5_500)
    await eventually('it knows', () => broker.problem())

    await proxy.setMode('pass')
    proxy.cut()
    await eventually('publishing works', async () => (await publishOne(broker))[0] === 'confirmed')
    await broker.close()
    await proxy.close()
  }, 15_000)
})

describe('connectBroker()', () => {
  test('starts before the broker, says why it is not ready, and connects when the broker comes', async () => {
    const proxy = await startTcpProxy(RABBITMQ_URL)
    await proxy.setMode('refuse')
    const broker = connectTo(proxy.url)
    await eventually('it has tried', () => broker.problem()?.includes('ECONNREFUSED'))
    expect(await publishOne(broker)).toEqual(['unknown'])

    await proxy.setMode('pass')

    await ready(broker)
    expect(await publishOne(broker)).toEqual(['confirmed'])
    await broker.close()
    await proxy.close()
  })

  test('closes promptly while the broker is down', async () => {
    const proxy = await startTcpProxy(RABBITMQ_URL)
    await proxy.setMode('refuse')
    const broker = connectTo(proxy.url)
    await eventually('it has tried', () => broker.problem()?.includes('ECONNREFUSED'))
    const startedAt = Date.now()

    await broker.close()

    expect(Date.now() - startedAt).toBeLessThan(500)
    await proxy.close()
  })

  test('heals when its set-up is cut off at any byte', async () => {
    const healed = Array.from({ length: 16 }, async (_, index) => {
      const proxy = await startTcpProxy(RABBITMQ_URL)
      proxy.cutAfterBytes(500 + index * 6)
      const broker = connectTo(proxy.url)
      await eventually('it was cut off, twice', () => broker.problem() === undefined || proxy.accepted() > 2)
      proxy.cutAfterBytes(undefined)
      await eventually('publishing works', async () => (await publishOne(broker))[0] === 'confirmed')
      await broker.close()
      await proxy.close()
    })
    await Promise.all(healed)
  })
})

describe('startConsumer()', () => {
  test('heals when its set-up is cut off at any byte', async () => {
    const direct = connectTo(RABBITMQ_URL)
    const healed = Array.from({ length: 12 }, async (_, index) => {
      const proxy = await startTcpProxy(RABBITMQ_URL)
      proxy.cutAfterBytes(520 + index * 45)
      const consumer = startConsumer(
        { ...direct, url: proxy.url },
        {
          queue: view.queue('cut'),
          type: 'order.cancelled.v1',
          handle: async () => undefined,
          retryDelaysMs: RETRY_DELAYS_MS,
        },
      )
      await eventually(
        'it was cut off, twice',
        () => consumer.problem() === undefined || proxy.accepted() > 2,
      )
      proxy.cutAfterBytes(undefined)
      await eventually('the consumer listens', () => consumer.problem() === undefined)
      await consumer.stop()
      await proxy.close()
    })
    await Promise.all(healed)
    await direct.close()
  })
})
