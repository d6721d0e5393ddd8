import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'bun:test'
import { connectBroker } from '../../messaging/broker.ts'
import { startConsumer } from '../../messaging/consumer.ts'
import { startTcpProxy } from '../../testing/tcp-proxy.ts'
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
  return closedAfterwards(connectBroker({ url, service: 'order', log, exchange: view.exchange }))
}

function closedAfterwards<T extends { close: () => Promise<void> }>(opened: T): T {
  onTestFinished(opened.close)
  return opened
}

async function brokerProxy() {
  return closedAfterwards(await startTcpProxy(RABBITMQ_URL))
}

async function publishOne(broker: ReturnType<typeof connectTo>) {
  return await broker.publish([publicationOf(view.exchange, cancelledMessage())])
}

function ready(broker: ReturnType<typeof connectTo>) {
  return eventually('the broker connection is ready', () => broker.problem() === undefined)
}

describe('publish()', () => {
  test('tells what is in a queue from what was returned, in one batch', async () => {
    const broker = connectTo(RABBITMQ_URL)
    await ready(broker)
    const nowhere = publicationOf(view.exchange, cancelledMessage(), { routingKey: 'nobody.listens.v1' })
    const somewhere = publicationOf(view.exchange, cancelledMessage())

    const outcomes = await broker.publish([nowhere, somewhere, nowhere, somewhere])

    expect(outcomes).toEqual(['returned', 'confirmed', 'returned', 'confirmed'])
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
  })

  test('works again after the broker closed its channel', async () => {
    const broker = connectTo(RABBITMQ_URL)
    await ready(broker)

    expect(await broker.publish([publicationOf('no-such-exchange', cancelledMessage())])).toEqual(['unknown'])

    await eventually('publishing works', async () => (await publishOne(broker))[0] === 'confirmed')
  })

  test('declares the exchange again when somebody deleted it', async () => {
    const exchange = `${view.exchange}-deleted`
    const broker = closedAfterwards(connectBroker({ url: RABBITMQ_URL, service: 'order', log, exchange }))
    onTestFinished(async () => {
      await view.channel.deleteExchange(exchange)
    })
    await ready(broker)
    await view.channel.deleteExchange(exchange)
    const publish = () => broker.publish([publicationOf(exchange, cancelledMessage())])

    expect(await publish()).toEqual(['unknown'])

    await eventually('the exchange is back', async () => (await publish())[0] === 'returned')
  })

  test('gives 2000 messages at once their outcomes while the connection is cut, and hangs on none', async () => {
    const proxy = await brokerProxy()
    const broker = connectTo(proxy.url)
    await ready(broker)
    const messages = Array.from({ length: 2_000 }, () => publicationOf(view.exchange, cancelledMessage()))

    await proxy.setMode('black-hole')
    const publishing = broker.publish(messages)
    await proxy.setMode('pass')
    proxy.cut()
    const outcomes = await publishing

    expect(outcomes.length).toBe(2_000)
    expect(outcomes).toContain('unknown')
    await ready(broker)
  })

  test('says unknown when the broker has fallen silent, and works when it speaks again', async () => {
    const proxy = await brokerProxy()
    const broker = connectTo(proxy.url)
    await ready(broker)
    await proxy.setMode('black-hole')

    expect(await publishOne(broker)).toEqual(['unknown'])
    await eventually('it knows', () => broker.problem())

    await proxy.setMode('pass')
    proxy.cut()
    await eventually('publishing works', async () => (await publishOne(broker))[0] === 'confirmed')
  })
})

describe('connectBroker()', () => {
  test('starts before the broker, says why it is not ready, and connects when the broker comes', async () => {
    const proxy = await brokerProxy()
    await proxy.setMode('refuse')
    const broker = connectTo(proxy.url)
    await eventually('it has tried', () => broker.problem()?.includes('ECONNREFUSED'))
    expect(await publishOne(broker)).toEqual(['unknown'])

    await proxy.setMode('pass')

    await ready(broker)
    expect(await publishOne(broker)).toEqual(['confirmed'])
  })

  test('closes while the broker is down', async () => {
    const proxy = await brokerProxy()
    await proxy.setMode('refuse')
    const broker = connectTo(proxy.url)
    await eventually('it has tried', () => broker.problem()?.includes('ECONNREFUSED'))

    await broker.close()

    const tried = proxy.accepted()
    await proxy.setMode('pass')
    expect(await publishOne(broker)).toEqual(['unknown'])
    expect(proxy.accepted()).toBe(tried)
  })

  test('heals when its set-up is cut off at any byte', async () => {
    const healed = Array.from({ length: 16 }, async (_, index) => {
      const proxy = await brokerProxy()
      proxy.cutAfterBytes(500 + index * 6)
      const broker = connectTo(proxy.url)
      await eventually('it was cut off, twice', () => broker.problem() === undefined || proxy.accepted() > 2)
      proxy.cutAfterBytes(undefined)
      await eventually('publishing works', async () => (await publishOne(broker))[0] === 'confirmed')
    })
    await Promise.all(healed)
  })
})

describe('startConsumer()', () => {
  test('heals when its set-up is cut off at any byte', async () => {
    const direct = connectTo(RABBITMQ_URL)
    const healed = Array.from({ length: 12 }, async (_, index) => {
      const proxy = await brokerProxy()
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
      onTestFinished(consumer.stop)
      await eventually(
        'it was cut off, twice',
        () => consumer.problem() === undefined || proxy.accepted() > 2,
      )
      proxy.cutAfterBytes(undefined)
      await eventually('the consumer listens', () => consumer.problem() === undefined)
    })
    await Promise.all(healed)
  })
})
