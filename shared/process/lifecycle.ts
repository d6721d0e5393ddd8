import process from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import { createLog, type Log } from '../telemetry/log.ts'
import { standardOutput } from '../telemetry/log-output.ts'
import { countDroppedLines, createMetrics, type Metrics } from '../telemetry/metrics.ts'
import { ConfigurationError } from './config.ts'
import type { Health } from './health.ts'
import { readSpanConfig } from './span-config.ts'

/** The longest that stopping may take; anything that still runs then is cut off. */
const STOP_DEADLINE_MS = 10_000

/** The tools with which a service starts. `atStop` registers how its parts end, run in the reverse order. */
export type Life = {
  log: Log
  health: Health
  metrics: Metrics
  atStop: (name: string, stop: () => Promise<void> | void) => void
}

/**
 * Runs a service from its configuration to its last answer: reads the configuration and starts the parts. On SIGTERM
 * or SIGINT it reports not ready, goes on for as long as a balancer needs to notice, stops the parts in reverse order
 * and exits with 0.
 */
export async function run<Config extends { logLevel: string; stopDelayMs: number }>(
  service: string,
  readConfig: (environment: Record<string, string | undefined>) => Config,
  start: (config: Config, life: Life) => Promise<void>,
): Promise<void> {
  const config = configOrExit(readConfig)
  const spans = configOrExit((environment) => readSpanConfig(service, environment))
  const output = standardOutput()
  const log = createLog({ service, level: config.logLevel }, output)
  output.onRecovered(() =>
    log.warn({ droppedLines: output.droppedLines() }, 'the log could not be written for a while'),
  )
  const stops: { name: string; stop: () => Promise<void> | void }[] = []
  const health: Health = { checks: {}, background: {}, draining: false }

  process.on('unhandledRejection', (error) => log.error({ error }, 'unhandled rejection'))
  process.on('uncaughtException', (error) => {
    log.fatal({ error }, 'uncaught exception')
    process.exit(1)
  })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    // Not only once, because a signal without a listener would end the process in the middle of stopping.
    process.on(signal, () => void stopAll(signal))
  }

  const metrics = createMetrics(service)
  countDroppedLines(metrics, output)
  try {
    if (spans) {
      const { startOpenTelemetry } = await import('../telemetry/opentelemetry.ts')
      stops.push({ name: 'spans', stop: startOpenTelemetry(spans, log) })
    }
    await start(config, {
      log,
      health,
      metrics,
      atStop: (name, stop) => stops.push({ name, stop }),
    })
    log.info('started')
  } catch (error) {
    log.fatal({ error }, 'cannot start')
    process.exit(1)
  }

  async function stopAll(signal: string): Promise<void> {
    if (health.draining) return
    health.draining = true
    log.info({ signal }, 'stopping')
    if (signal === 'SIGTERM') await delay(config.stopDelayMs)
    setTimeout(() => {
      log.warn('stopping took too long')
      process.exit(1)
    }, STOP_DEADLINE_MS).unref()
    for (const { name, stop } of stops.reverse()) {
      try {
        await stop()
      } catch (error) {
        log.warn({ error, part: name }, 'a part did not stop cleanly')
      }
    }
    log.info('stopped')
    process.exit(0)
  }
}

/** The configuration; or a list of everything missing in it, and the end of the process. */
export function configOrExit<Config>(
  readConfig: (environment: Record<string, string | undefined>) => Config,
): Config {
  try {
    return readConfig(process.env)
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(78)
  }
}

/**
 * Does something that needs another part of the system, however long that part takes to come up: tries again with
 * growing pauses until it succeeds. Until then the service reports not ready.
 */
export function eventually(
  life: Pick<Life, 'log' | 'health' | 'atStop'>,
  name: string,
  work: () => Promise<void>,
): void {
  let pauseMs = 100
  let timer: NodeJS.Timeout | undefined
  let done = false
  let stopped = false
  life.health.checks[name] = async () => (done ? undefined : 'not done yet')
  life.atStop(name, () => {
    stopped = true
    clearTimeout(timer)
  })

  async function attempt(): Promise<void> {
    try {
      await work()
      done = true
    } catch (error) {
      life.log.warn({ error, part: name }, 'not possible yet, will be tried again')
      pauseMs = Math.min(pauseMs * 2, 5_000)
      if (!stopped) timer = setTimeout(() => void attempt(), pauseMs)
    }
  }
  void attempt()
}
