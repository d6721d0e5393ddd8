import { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { type Channel, type ChannelModel, connect } from 'amqplib'
import { createPause, within } from '../process/deadline.ts'
import type { Log } from '../telemetry/log.ts'
import { createOutageLog } from '../telemetry/outage-log.ts'

/** A connection to RabbitMQ that is made again whenever it, or anything on it, breaks. */
export type BrokerConnection = {
  /** The reason why it cannot be used now, or undefined when it can. */
  problem: () => string | undefined
  /** Drops the present connection, because it was found not to work, and makes a new one. */
  renew: (reason: Error) => void
  /** Ends it for good. */
  close: () => Promise<void>
}

type Options = {
  url: string
  /** Shown in RabbitMQ's list of connections. */
  name: string
  log: Log
  /** Sets up everything on a connection: channels, topology, consumers. Runs anew for each connection. */
  build: (life: ConnectionLife) => Promise<void>
}

/** One connection, from its opening to its loss. */
export type ConnectionLife = {
  model: ChannelModel
  /** Call it when something on the connection broke. Everything is then built again. */
  lost: (reason: Error) => void
}

const CONNECT_TIMEOUT_MS = 5_000
const BUILD_TIMEOUT_MS = 10_000
const CLOSE_TIMEOUT_MS = 1_000
const HEARTBEAT_SECONDS = 5 // RabbitMQ's advice is 5 to 20; a dead peer is noticed after two or three of them
// RabbitMQ needs several seconds to start; a service that waits for it should be ready within one more.
const RETRY_DELAY_MS = { first: 100, max: 1_000 }

/**
 * Keeps one connection to RabbitMQ alive until it is closed. amqplib reports a loss in many ways (an error or a
 * close, of the connection or of one channel, or silence) and leaves dead channels behind. So the answer to all of
 * them is the same: drop the connection and build everything again, after a growing delay.
 */
export function keepConnected({ url, name, log, build }: Options): BrokerConnection {
  const outage = createOutageLog(log, `broker connection ${name}`)
  const closed = Promise.withResolvers<void>()
  const pause = createPause()
  let closing = false
  let problem: string | undefined = 'not connected yet'
  let blocked: string | undefined
  let current: ConnectionLife | undefined
  let failures = 0

  const finished = keepAlive()

  async function keepAlive(): Promise<void> {
    while (!closing) {
      try {
        await live()
      } catch (error) {
        problem = `not connected: ${error instanceof Error ? error.message : 'unknown'}`
        outage.failed(error)
        failures++
        if (!closing) await pause.wait(retryDelayMs(failures))
      }
    }
  }

  /** Runs from connecting to the loss, which is thrown; returns only when we close the connection ourselves. */
  async function live(): Promise<void> {
    const model = await connectOnce(url, name)
    const loss = Promise.withResolvers<never>()
    const life: ConnectionLife = { model, lost: loss.reject }
    watch(model, life)
    watchAlarms(model, log.child({ connection: name }), (reason) => {
      blocked = reason
    })
    current = life
    try {
      const built = within(BUILD_TIMEOUT_MS, build(life), 'setting up took too long')
      await Promise.race([built, loss.promise, closed.promise])
      problem = undefined
      failures = 0
      outage.worked()
      await Promise.race([loss.promise, closed.promise])
    } finally {
      problem = 'not connected'
      blocked = undefined
      current = undefined
      await dispose(model, log)
    }
  }

  return {
    problem: () => problem ?? blocked,
    renew: (reason) => current?.lost(reason),
    async close() {
      closing = true
      closed.resolve()
      pause.end()
      // A connection attempt that is under way cannot be cancelled; it ends itself when it gets through.
      await Promise.race([finished, delay(CLOSE_TIMEOUT_MS * 2, undefined, { ref: false })])
    },
  }
}

/** Opens a channel whose end also ends its connection. */
export async function openChannel<C extends Channel>(life: ConnectionLife, open: Promise<C>): Promise<C> {
  const channel = await open
  watch(channel, life)
  return channel
}

/** An 'error' event without a listener would end the process, so every connection and channel has a listener. */
function watch(emitter: ChannelModel | Channel, life: ConnectionLife): void {
  emitter.on('error', (error: Error) => life.lost(error))
  emitter.on('close', () => life.lost(new Error('closed')))
  emitter.on('handler-error', (error: Error) => life.lost(error))
}

/** In a memory or disk alarm the broker takes no messages, and stops reading from connections that publish. */
function watchAlarms(model: ChannelModel, log: Log, report: (blocked: string | undefined) => void): void {
  model.on('blocked', (reason) => {
    report(`blocked by the broker: ${reason}`)
    log.warn({ reason }, 'the broker takes no messages now')
  })
  model.on('unblocked', () => {
    report(undefined)
    log.info('the broker takes messages again')
  })
}

async function connectOnce(url: string, name: string): Promise<ChannelModel> {
  const target = new URL(url)
  target.searchParams.set('heartbeat', String(HEARTBEAT_SECONDS))
  return await connect(target.href, {
    timeout: CONNECT_TIMEOUT_MS,
    noDelay: true,
    keepAlive: true,
    clientProperties: { connection_name: name },
  })
}

/** Closes the connection politely if the broker listens, and frees the socket in any case. */
export async function dispose(model: ChannelModel, log?: Log): Promise<void> {
  // close() never settles if the connection breaks in the meantime, but the event arrives.
  const gone = new Promise((resolve) => model.once('close', resolve))
  try {
    await within(CLOSE_TIMEOUT_MS, Promise.race([model.close(), gone]), 'the broker did not say goodbye')
  } catch (error) {
    log?.debug({ error }, 'broker connection was already gone')
  }
  const stream: unknown = Reflect.get(model.connection, 'stream')
  if (stream instanceof Duplex) stream.destroy(new Error('connection thrown away'))
}

/** 100 ms, 200 ms ... 1 s, each up to half longer or shorter, so that services do not all reconnect at once. */
function retryDelayMs(failures: number): number {
  const growing = RETRY_DELAY_MS.first * 2 ** Math.min(failures - 1, 10)
  return Math.min(growing, RETRY_DELAY_MS.max) * (0.5 + Math.random())
}
