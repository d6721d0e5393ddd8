import { setTimeout as delay } from 'node:timers/promises'
import type { Channel, ConsumeMessage } from 'amqplib'
import type { Message, MessageType } from './api/messages.ts'
import type { Broker } from './broker.ts'
import { type ConnectionLife, keepConnected, openChannel } from './broker-connection.ts'
import { declareQueues, retryQueue } from './broker-topology.ts'
import { newId } from './columns.ts'
import { within } from './deadline.ts'
import { attemptsOf, copyOf, failureOf, readDelivery } from './delivery.ts'
import { nextTraceparent, withTrace } from './trace.ts'

/** What a service listens to, and what it does with it. */
export type Subscription<Type extends MessageType> = {
  /** `<service>.<what it hears of>`, such as `inventory.order-cancelled`. */
  queue: string
  type: Type
  /** Must stand being called twice with the same message, also at the same time (see inbox.ts). */
  handle: (message: Message<Type>) => Promise<void>
  /** How long a failed message waits; the last delay is used for all further attempts. */
  retryDelaysMs?: readonly number[]
  /** After so many failed attempts a message goes to the dead letters. Default 20. */
  attemptsMax?: number
  /** How often all is declared again, in case somebody deleted some of it. Default 10 s. */
  repairIntervalMs?: number
}

/** A running consumer. */
export type Consumer = {
  /** Why it hears nothing now, or undefined when it listens. */
  problem: () => string | undefined
  /** Takes no more messages, finishes those in hand and disconnects. */
  stop: () => Promise<void>
}

/** Messages handled at the same time. A break of the consumer counts against all of them, so not too many. */
const PREFETCH = 10
const RETRY_DELAYS_MS = [1_000, 5_000, 15_000, 60_000] as const
const ATTEMPTS_MAX = 20
const HANDLE_TIMEOUT_MS = 30_000
const PASS_ON_PAUSE_MS = 500
const STOP_TIMEOUT_MS = 3_000 // with the rest of the service it must fit into the ten seconds of lifecycle.ts
const REPAIR_INTERVAL_MS = 10_000

/** A channel that messages are taken from. A delivery can only be acknowledged on the channel it came on. */
type Ear = { channel: Channel; consumerTag: string; open: boolean }

/**
 * Listens to messages of one type, on a connection of its own. What becomes of a message:
 * the handler returns: acknowledged; it is not valid or the domain refuses it: dead letter, with the reason;
 * anything else: tried again after a growing delay, at last dead letter. A message is acknowledged only when
 * its effect, or its copy in another queue, is safely stored: it is never lost, and sometimes comes twice.
 */
export function startConsumer<Type extends MessageType>(
  broker: Broker,
  subscription: Subscription<Type>,
): Consumer {
  const { queue, type, handle, retryDelaysMs = RETRY_DELAYS_MS, attemptsMax = ATTEMPTS_MAX } = subscription
  const { repairIntervalMs = REPAIR_INTERVAL_MS } = subscription
  const log = broker.log.child({ queue })
  const topology = { exchanges: broker.exchanges, queue, type, retryDelaysMs }
  const inHand = new Set<Promise<void>>()
  let ear: Ear | undefined
  let stopping = false

  const connection = keepConnected({
    url: broker.url,
    name: `${broker.service} ${queue}`,
    log,
    build: listen,
  })

  async function listen(life: ConnectionLife): Promise<void> {
    const channel = await openChannel(life, life.model.createChannel())
    const here: Ear = { channel, consumerTag: `${broker.service} ${newId()}`, open: true }
    await declareQueues(channel, topology)
    await channel.prefetch(PREFETCH)
    ear = here
    // The broker tells nobody that an exchange or a binding was deleted.
    const repairs = setInterval(() => declareQueues(channel, topology).catch(life.lost), repairIntervalMs)
    channel.once('close', () => {
      here.open = false
      clearInterval(repairs)
    })
    await channel.consume(
      queue,
      (delivery) => {
        if (!delivery) return life.lost(new Error('the queue was deleted'))
        const work = take(here, delivery).catch(life.lost)
        inHand.add(work)
        work.finally(() => inHand.delete(work))
      },
      { consumerTag: here.consumerTag },
    )
  }

  async function take(here: Ear, delivery: ConsumeMessage): Promise<void> {
    try {
      const message = readDelivery(type, delivery)
      const trace = { requestId: message.id, traceparent: nextTraceparent(message.traceparent) }
      await withTrace(trace, () => within(HANDLE_TIMEOUT_MS, handle(message), 'the handler took too long'))
    } catch (error) {
      const isSafe = await passOn(here, delivery, error)
      if (!isSafe) return
    }
    here.channel.ack(delivery)
  }

  /** Stores a copy of a failed message where it belongs. False when we ended before it was safe there. */
  async function passOn(here: Ear, delivery: ConsumeMessage, error: unknown): Promise<boolean> {
    const attempts = attemptsOf(delivery)
    const { verdict, reason } = failureOf(error, attempts, attemptsMax)
    const delayMs = retryDelaysMs[Math.min(attempts, retryDelaysMs.length) - 1] ?? 0
    const to =
      verdict === 'retry'
        ? { exchange: '', routingKey: retryQueue(queue, delayMs) }
        : { exchange: broker.exchanges.dead, routingKey: queue }
    const copy = copyOf(delivery, to, { reason, attempts, now: new Date() })
    if (verdict === 'retry')
      log.warn({ messageId: copy.messageId, attempts, delayMs, error }, 'message is tried again')
    else log.error({ messageId: copy.messageId, attempts, reason, error }, 'message goes to the dead letters')

    while (here.open) {
      const [outcome] = await broker.publish([copy])
      if (outcome === 'confirmed') return true
      if (stopping) return false
      await delay(PASS_ON_PAUSE_MS, undefined, { ref: false })
    }
    return false
  }

  async function finishInHand(): Promise<void> {
    if (!ear?.open) return
    await ear.channel.cancel(ear.consumerTag)
    await Promise.all(inHand)
    // Acknowledgements are not answered; when this is, those before it have arrived.
    await ear.channel.prefetch(PREFETCH)
  }

  return {
    problem: connection.problem,
    async stop() {
      stopping = true
      try {
        await within(STOP_TIMEOUT_MS, finishInHand(), 'messages in hand took too long')
      } catch (error) {
        log.warn({ error }, 'consumer stops with messages in hand; they will be delivered again')
      }
      await connection.close()
    },
  }
}
