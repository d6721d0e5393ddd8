import { describe, expect, onTestFinished, test } from 'bun:test'
import { connectBroker, type Publication } from '../../messaging/broker.ts'
import { type Consumer, type Subscription, startConsumer } from '../../messaging/consumer.ts'
import { listDeadLetters, replayDeadLetters } from '../../messaging/dead-letters.ts'
import { DependencyUnavailable, DomainError } from '../../problem.ts'
import { currentTrace } from '../../telemetry/trace.ts'
import { startTcpProxy } from '../../testing/tcp-proxy.ts'
import {
  cancelledMessage,
  eventually,
  log,
  publicationOf,
  RABBITMQ_URL,
  RETRY_DELAYS_MS,
  viewBroker,
} from './messaging.ts'

type Handle = Subscription<'order.cancelled.v1'>['handle']

/** A consumer on an exchange and a queue of its own, with quick retries. `send` puts anything into that queue. */
async function listen(
  handle: Handle,
  options: { url?: string; attemptsMax?: number; repairIntervalMs?: number } = {},
) {
  const { url = RABBITMQ_URL, ...rest } = options
  const view = await viewBroker()
  const queue = view.queue('order-cancelled')
  const broker = connectBroker({ url: RABBITMQ_URL, service: 'inventory', log, exchange: view.exchange })
  const subscription = {
    queue,
    type: 'order.cancelled.v1',
    handle,
    retryDelaysMs: RETRY_DELAYS_MS,
    ...rest,
  } as const
  const consumer = startConsumer({ ...broker, url }, subscription)
  onTestFinished(async () => {
    await consumer.stop()
    await broker.close()
    await view.close()
  })
  await eventually('the publisher is ready', () => broker.problem() === undefined)
  await listening(consumer)

  async function publish(publication: Publication): Promise<void> {
    await eventually('it is sent', async () => (await broker.publish([publication]))[0] === 'confirmed')
  }
  return {
    ...view,
    queue,
    consumer,
    send: (body: unknown, properties: Partial<Publication> = {}) =>
      publish(publicationOf('', body, { routingKey: queue, ...properties })),
    announce: (body: unknown) => publish(publicationOf(view.exchange, body)),
    deadLetter: () => eventually('there is a dead letter', () => view.take(`${queue}.dead`)),
  }
}

/** A proxy before the broker, for the time of one test. */
async function brokerProxy() {
  const proxy = await startTcpProxy(RABBITMQ_URL)
  onTestFinished(() => proxy.close())
  return proxy
}

function listening(consumer: Consumer) {
  return eventually('the consumer listens', () => consumer.problem() === undefined)
}

describe('startConsumer()', () => {
  test('hands over the message under its trace, and acknowledges it', async () => {
    const heard: unknown[] = []
    const ear = await listen(async (message) => {
      heard.push(message, currentTrace()?.traceparent.slice(3, 35))
    })
    const message = { ...cancelledMessage(), traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }

    await ear.send(message)

    await eventually('it is handled', () => heard.length > 0)
    expect(heard).toEqual([message, 'a'.repeat(32)])
    await ear.consumer.stop()
    expect(await ear.depth(ear.queue)).toBe(0)
  })

  test('handles ten messages at the same time, not more', async () => {
    const begun: string[] = []
    const allowed = Promise.withResolvers<void>()
    let handled = 0
    const ear = await listen(async ({ id }) => {
      begun.push(id)
      await allowed.promise
      handled++
    })
    await Promise.all(Array.from({ length: 30 }, () => ear.send(cancelledMessage())))
    await eventually('ten are in hand', () => begun.length >= 10)
    expect(await ear.depth(ear.queue)).toBe(20)
    expect(begun.length).toBe(10)
    allowed.resolve()
    await eventually('all are handled', () => handled === 30)
  })

  test('tries again after growing delays what failed, then puts it aside with the reason', async () => {
    const triedAt: number[] = []
    const ear = await listen(
      async () => {
        triedAt.push(Date.now())
        throw new TypeError('secret 4711')
      },
      { attemptsMax: 5 },
    )
    const message = cancelledMessage()

    await ear.send(message)

    const dead = await ear.deadLetter()
    expect(JSON.parse(dead.content.toString())).toEqual(message)
    expect(dead.properties.messageId).toBe(message.id)
    expect(dead.properties.headers).toMatchObject({ 'x-reason': 'failed: TypeError', 'x-attempts': 5 })
    expect(Date.parse(dead.properties.headers?.['x-first-failed-at'])).toBeWithin(
      (triedAt[0] ?? 0) - 1,
      (triedAt[1] ?? 0) + 1,
    )
    const gaps = triedAt.slice(1).map((at, index) => at - (triedAt[index] ?? 0))
    expect(gaps.length).toBe(4)
    for (const [index, least] of [100, 300, 600, 600].entries())
      expect(gaps[index]).toBeGreaterThanOrEqual(least)
  })

  test('goes on trying as long as an outage lasts, beyond the limit of attempts', async () => {
    let tries = 0
    const ear = await listen(
      async () => {
        if (++tries < 4) throw new DependencyUnavailable('database')
      },
      { attemptsMax: 2 },
    )
    await ear.send(cancelledMessage())
    await eventually('the outage is over', () => tries === 4)
    await ear.consumer.stop()
    expect(await ear.depth(`${ear.queue}.dead`)).toBe(0)
  })

  test('puts aside at once what the domain refuses', async () => {
    const ear = await listen(async () => {
      throw new DomainError('unknown-order', 'There is no such order')
    })
    await ear.send(cancelledMessage())
    const dead = await ear.deadLetter()
    expect(dead.properties.headers).toMatchObject({ 'x-reason': 'refused: unknown-order', 'x-attempts': 1 })
  })

  test('stop() finishes what is in hand and leaves the rest in the queue', async () => {
    const handled: string[] = []
    let begun = 0
    const ear = await listen(async (message) => {
      begun++
      await new Promise((resolve) => setTimeout(resolve, 200))
      handled.push(message.id)
    })
    await Promise.all(Array.from({ length: 15 }, () => ear.send(cancelledMessage())))
    await eventually('ten are in hand', () => begun >= 10)

    await ear.consumer.stop()

    expect(handled.length).toBe(begun)
    expect(await ear.depth(ear.queue)).toBe(15 - handled.length)
  })
})

const good = cancelledMessage()
const poison: [string, unknown, string, object?][] = [
  ['what is not JSON', Buffer.from('{"id":'), 'invalid message: it is not JSON in UTF-8'],
  ['what is not UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), 'invalid message: it is not JSON in UTF-8'],
  ['nothing', Buffer.alloc(0), 'invalid message: it is not JSON in UTF-8'],
  ['null', null, 'invalid message: /: Expected object'],
  [
    'deeply nested JSON',
    Buffer.from('['.repeat(100_000) + ']'.repeat(100_000)),
    'invalid message: /: Expected object',
  ],
  ['10 MB', Buffer.alloc(10_000_000, 'x'), 'invalid message: it is longer than 262144 bytes'],
  [
    'a wrong schema',
    { ...good, data: { orderId: 'x' } },
    'invalid message: /data/cancellationId: Expected required property',
  ],
  [
    'an unknown version',
    { ...good, type: 'order.cancelled.v2' },
    "invalid message: /type: Expected 'order.cancelled.v1'",
  ],
  [
    'a negative quantity',
    { ...good, data: { ...good.data, lines: [{ productId: good.id, quantity: -1 }] } },
    'invalid message: /data/lines/0/quantity: Expected number to be greater or equal to 1',
  ],
  [
    'half a quantity',
    { ...good, data: { ...good.data, lines: [{ productId: good.id, quantity: 1.5 }] } },
    'multiple of 1',
  ],
  ['no lines', { ...good, data: { ...good.data, lines: [] } }, '/data/lines: Expected array length'],
  [
    'another messageId',
    good,
    'invalid message: its messageId is not the id',
    { messageId: cancelledMessage().id },
  ],
  ['no messageId', good, 'invalid message: its messageId is not the id', { messageId: undefined }],
  [
    'headers of a stranger',
    'x',
    'Expected object',
    { headers: { 'x-attempts': 1e9, junk: 'j'.repeat(30_000) } },
  ],
]

describe('a poisonous message', () => {
  test('goes to the dead letters with the reason, and does not hold up the others', async () => {
    const handled = new Set<string>()
    const ear = await listen(async (message) => {
      handled.add(message.id)
    })
    for (const [, body, , properties] of poison) {
      await ear.send(body, properties)
      const healthy = cancelledMessage()
      await ear.send({ ...healthy, data: { ...healthy.data, addedInAMinorVersion: true } })
      await eventually('the healthy one is handled', () => handled.has(healthy.id))
    }
    const reasons: unknown[] = []
    for (const _ of poison) {
      const dead = await ear.deadLetter()
      reasons.push(dead.properties.headers?.['x-reason'])
    }
    for (const [index, [, , reason]] of poison.entries()) expect(reasons[index]).toContain(reason)
    expect(handled.size).toBe(poison.length)
  })
})

describe('a message that the broker gives up', () => {
  test('goes to the same dead letters', async () => {
    const ear = await listen(async () => undefined)
    await ear.consumer.stop()
    const message = cancelledMessage()
    await ear.send(message)
    const taken = await eventually('it is in the queue', () => ear.channel.get(ear.queue))

    ear.channel.nack(taken, false, false)

    const dead = await ear.deadLetter()
    expect(dead.properties.messageId).toBe(message.id)
    expect(dead.properties.headers?.['x-death']?.[0]).toMatchObject({ queue: ear.queue, reason: 'rejected' })
  })
})

describe('a consumer whose ground is pulled away', () => {
  test('declares its queue again when it is deleted, and hears again', async () => {
    const heard: string[] = []
    const ear = await listen(async (message) => {
      heard.push(message.id)
    })
    await ear.channel.deleteQueue(ear.queue)
    const message = cancelledMessage()
    await ear.announce(message)
    await eventually('it hears again', () => heard.includes(message.id))
  })

  test('binds its queue again when the exchange is deleted', async () => {
    const heard: string[] = []
    const ear = await listen(
      async (message) => {
        heard.push(message.id)
      },
      { repairIntervalMs: 200 },
    )
    await ear.channel.deleteExchange(ear.exchange)
    const message = cancelledMessage()
    await ear.announce(message)
    await eventually('it is heard', () => heard.includes(message.id))
  })

  test('keeps a failed message safe when its retry queue is deleted', async () => {
    let tries = 0
    const ear = await listen(
      async () => {
        if (++tries === 1) {
          await ear.channel.deleteQueue(`${ear.queue}.retry.100`)
          throw new Error('fails once')
        }
      },
      { repairIntervalMs: 200 },
    )
    await ear.send(cancelledMessage())
    await eventually('it is tried again', () => tries === 2)
  })

  test('hears again after its connection was cut', async () => {
    const proxy = await brokerProxy()
    const heard: string[] = []
    const ear = await listen(
      async (message) => {
        heard.push(message.id)
      },
      { url: proxy.url },
    )
    const message = cancelledMessage()
    proxy.cut()
    await ear.send(message)
    await eventually('it is heard', () => heard.includes(message.id))
  })

  const BREAKS = 8

  test('hears again of what it had in hand and never finished, however often it is cut off', async () => {
    const proxy = await brokerProxy()
    let begun = 0
    const never = Promise.withResolvers<void>()
    const ear = await listen(
      async () => {
        // Each time but the last it is as if the process had died.
        if (++begun <= BREAKS) await never.promise
      },
      { url: proxy.url },
    )
    await ear.send(cancelledMessage())
    for (let breaks = 1; breaks <= BREAKS; breaks++) {
      await eventually('it is in hand', () => begun === breaks)
      proxy.cut()
    }
    await eventually('it is handled at last', () => begun > BREAKS)
    never.resolve()
  })

  test('loses none of 200 messages when it is cut off 25 times with messages in hand', async () => {
    const proxy = await brokerProxy()
    const handled = new Set<string>()
    let begun = 0
    const ear = await listen(
      async (message) => {
        begun++
        await new Promise((resolve) => setTimeout(resolve, 40))
        handled.add(message.id)
      },
      { url: proxy.url },
    )
    const messages = Array.from({ length: 200 }, () => cancelledMessage())
    await Promise.all(messages.map((message) => ear.send(message)))
    for (let cuts = 0; cuts < 25; cuts++) {
      const before = begun
      await eventually('new messages are in hand', () => begun > before || handled.size === 200)
      proxy.cut()
    }
    await eventually('all were handled', () => handled.size === 200)
    await listening(ear.consumer)
    await ear.consumer.stop()
    expect([...handled].toSorted()).toEqual(messages.map(({ id }) => id).toSorted())
    expect(await ear.depth(ear.queue)).toBe(0)
    expect(await ear.depth(`${ear.queue}.dead`)).toBe(0)
  })
})

describe('an operator', () => {
  test('sees dead letters as often as they like, and sends one of them back to its queue', async () => {
    const handled: string[] = []
    let works = false
    const ear = await listen(async ({ id }) => {
      if (!works) throw new DomainError('not-yet', 'not yet')
      handled.push(id)
    })
    const [one, other] = [cancelledMessage(), cancelledMessage()]
    for (const message of [one, other]) await ear.send(message)
    const seen = await eventually('both are dead letters', async () => {
      const letters = await listDeadLetters(RABBITMQ_URL, ear.queue)
      return letters.length === 2 && letters
    })
    expect(seen.map(({ id }) => id).toSorted()).toEqual([one.id, other.id].toSorted())
    expect(seen[0]).toMatchObject({ queue: ear.queue, reason: 'refused: not-yet', attempts: '1' })
    for (let look = 0; look < 25; look++) await listDeadLetters(RABBITMQ_URL, ear.queue)
    works = true
    const sent = await replayDeadLetters(RABBITMQ_URL, ear.queue, ({ id }) => id === one.id)
    expect(sent).toEqual([one.id])
    await eventually('it is handled', () => handled.length > 0)
    expect(handled).toEqual([one.id])
    const left = await eventually('the other is there', async () => {
      const letters = await listDeadLetters(RABBITMQ_URL, ear.queue)
      return letters.length === 1 && letters
    })
    expect(left[0]?.subject).toBe(other.subject)
  })
})
