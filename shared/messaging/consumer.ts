import { setTimeout as delay } from 'node:timers/promises'
import type { Channel, ConsumeMessage } from 'amqplib'
import type { Message, MessageType } from '../api/messages.ts'
import { newId } from '../database/columns.ts'
import { within } from '../process/deadline.ts'
import { errorTypeOf } from '../telemetry/error-type.ts'
import type { Log } from '../telemetry/log.ts'
import { inSpan, noteInSpan } from '../telemetry/spans.ts'
import { nextTraceparent, withTrace } from '../telemetry/trace.ts'
import type { Broker } from './broker.ts'
import { type ConnectionLife, keepConnected, openChannel } from './connection.ts'
import { attemptsOf, copyOf, failureOf, readDelivery } from './delivery.ts'
import { processSpan } from './message-spans.ts'
import { declareQueues, retryQueue } from './topology.ts'

/** The messages that a service listens to, and its handler. */
export type Subscription<Type extends MessageType> = {
  /** `<service>.<subject>`, such as `inventory.order-cancelled`. */
  queue: string
  type: Type
  /** It must tolerate being called twice with the same message, even at the same time (see inbox.ts). */
  handle: (message: Message<Type>) => Promise<void>
  /** The waits of a failed message; the last one is used for all further attempts. Default 1 s, 5 s, 15 s, a minute. */
  retryDelaysMs?: readonly [number, ...number[]]
  /** After this many failed attempts, those of an outage left out, a message goes to the dead letters. Default 20. */
  attemptsMax?: number
  /** The interval at which everything is declared again, in case somebody deleted some of it. Default 10 s. */
  repairIntervalMs?: number
}

/** A running consumer. */
export type Consumer = {
  queue: string
  /** The reason why it receives nothing now, or undefined when it listens. */
  problem: () => string | undefined
  /** Takes no more messages, finishes those in hand and disconnects. */
  stop: () => Promise<void>
}

/**
 * The messages handled at the same time. If the consumer breaks off, RabbitMQ counts that as a delivery of each of
 * them, and gives up a message after a number of these (topology.ts), so keep it small.
 */
const PREFETCH = 10
const RETRY_DELAYS_MS = [1_000, 5_000, 15_000, 60_000] as const
const ATTEMPTS_MAX = 20
const HANDLE_TIMEOUT_MS = 30_000
const PASS_ON_PAUSE_MS = 500
const STOP_TIMEOUT_MS = 3_000 // with the rest of the service it must fit into the ten seconds of lifecycle.ts
const REPAIR_INTERVAL_MS = 10_000

/** A channel that messages are taken from. A delivery can only be acknowledged on the channel it arrived on. */
type ConsumerChannel = { channel: Channel; consumerTag: string; open: boolean }

/** A consumer over all its connections: its settings, and the work in hand. */
type Listener<Type extends MessageType> = Required<Subscription<Type>> & {
  broker: Broker
  log: Log
  from: ConsumerChannel | undefined
  inHand: Set<Promise<void>>
  stopping: boolean
}

/**
 * Listens to messages of one type, on a connection of its own. If the handler returns, the message is acknowledged.
 * A message that is invalid, or that the domain refuses, becomes a dead letter with the reason. One that met an outage
 * is tried again for as long as the outage lasts; any other failure becomes a dead letter after `attemptsMax` attempts. A message is acknowledged only when its effect, or its
 * copy in another queue, is safely stored: it is never lost, but sometimes arrives twice.
 */
export function startConsumer<Type extends MessageType>(
  broker: Broker,
  subscription: Subscription<Type>,
): Consumer {
  const listener: Listener<Type> = {
    retryDelaysMs: RETRY_DELAYS_MS,
    attemptsMax: ATTEMPTS_MAX,
    repairIntervalMs: REPAIR_INTERVAL_MS,
    ...subscription,
    broker,
    log: broker.log.child({ queue: subscription.queue }),
    from: undefined,
    inHand: new Set(),
    stopping: false,
  }
  const connection = keepConnected({
    url: broker.url,
    name: `${broker.service} ${subscription.queue}`,
    log: broker.log,
    build: (life) => listen(listener, life),
  })
  return {
    queue: subscription.queue,
    problem: connection.problem,
    async stop() {
      listener.stopping = true
      try {
        await within(STOP_TIMEOUT_MS, finishInHand(listener), 'messages in hand took too long')
      } catch (error) {
        listener.log.warn({ error }, 'consumer stops with messages in hand; they will be delivered again')
      }
      await connection.close()
    },
  }
}

/** Declares everything and starts taking messages; the same on every new connection. */
async function listen<Type extends MessageType>(
  listener: Listener<Type>,
  life: ConnectionLife,
): Promise<void> {
  const { broker, queue, type, retryDelaysMs, repairIntervalMs, inHand } = listener
  const topology = { exchanges: broker.exchanges, queue, type, retryDelaysMs }
  const channel = await openChannel(life, life.model.createChannel())
  const from: ConsumerChannel = { channel, consumerTag: `${broker.service} ${newId()}`, open: true }
  await declareQueues(channel, topology)
  await channel.prefetch(PREFETCH)
  listener.from = from
  // The broker tells nobody when an exchange or a binding is deleted.
  const repairs = setInterval(() => declareQueues(channel, topology).catch(life.lost), repairIntervalMs)
  channel.once('close', () => {
    from.open = false
    clearInterval(repairs)
  })
  function onDelivery(delivery: ConsumeMessage | null): void {
    if (!delivery) {
      life.lost(new Error('the queue was deleted'))
      return
    }
    const work = inSpan(
      () => processSpan(listener, delivery),
      () => take(listener, from, delivery),
    ).catch(life.lost)
    inHand.add(work)
    work.finally(() => inHand.delete(work))
  }
  await channel.consume(queue, onDelivery, { consumerTag: from.consumerTag })
}

/** Handles one message, or finds a place for it, and only then acknowledges it. */
async function take<Type extends MessageType>(
  listener: Listener<Type>,
  from: ConsumerChannel,
  delivery: ConsumeMessage,
): Promise<void> {
  try {
    const message = readDelivery(listener.type, delivery)
    const trace = { requestId: message.id, traceparent: nextTraceparent(message.traceparent) }
    const handle = () => within(HANDLE_TIMEOUT_MS, listener.handle(message), 'the handler took too long')
    await withTrace(trace, handle)
    listener.broker.metrics?.messagesConsumed.inc(listener.queue)
  } catch (error) {
    noteInSpan(() => ({ attributes: { 'error.type': errorTypeOf(error) } }))
    const isSafe = await passOn(listener, from, delivery, error)
    if (!isSafe) return
  }
  // failpoint: consumer.before-ack
  from.channel.ack(delivery)
}

/** Stores a copy of a failed message where it belongs. False when the channel closed, or the service stopped, before it was safe there. */
async function passOn<Type extends MessageType>(
  listener: Listener<Type>,
  from: ConsumerChannel,
  delivery: ConsumeMessage,
  error: unknown,
): Promise<boolean> {
  const { broker, log, queue, retryDelaysMs, attemptsMax } = listener
  const attempts = attemptsOf(delivery)
  const { verdict, reason } = failureOf(error, attempts, attemptsMax)
  const delayMs = retryDelaysMs[Math.min(attempts, retryDelaysMs.length) - 1] ?? 0
  const to =
    verdict === 'retry'
      ? { exchange: '', routingKey: retryQueue(queue, delayMs) }
      : { exchange: broker.exchanges.dead, routingKey: queue }
  const copy = copyOf(delivery, to, { reason, attempts, now: new Date() })
  const described = { messageId: copy.messageId, attempts, reason, error }
  if (verdict === 'retry') log.warn({ ...described, delayMs }, 'message is tried again')
  else log.error(described, 'message goes to the dead letters')

  while (from.open) {
    const [outcome] = await broker.publish([copy])
    if (outcome === 'confirmed') {
      count(listener, verdict)
      return true
    }
    if (listener.stopping) return false
    await delay(PASS_ON_PAUSE_MS, undefined, { ref: false })
  }
  return false
}

function count({ broker: { metrics }, queue }: { broker: Broker; queue: string }, verdict: string): void {
  if (verdict === 'retry') metrics?.messagesRetried.inc(queue)
  else metrics?.messagesDeadLettered.inc(queue)
}

async function finishInHand<Type extends MessageType>({ from, inHand }: Listener<Type>): Promise<void> {
  if (!from?.open) return
  await from.channel.cancel(from.consumerTag)
  await Promise.all(inHand)
  // Acknowledgements get no answer; once this call is answered, the earlier ones have arrived.
  await from.channel.prefetch(PREFETCH)
}
