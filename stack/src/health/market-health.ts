import { queuesOf } from '@bazaar/shared/api/message-flows'
import { PENDING_SECONDS_MAX, UNSENT_SECONDS_MAX } from '@bazaar/shared/telemetry/waits'
import { SERVICES } from '../servers/databases.ts'
import { askQueues, type QueueDepth } from './queue-depths.ts'
import { type ServiceHealth, serviceHealth } from './service-health.ts'

/** The figures that show whether buyers can buy. One is undefined while its service does not report it. */
export type MarketHealth = {
  services: Readonly<Record<string, ServiceHealth>>
  /** The orders being completed, and the age of the oldest in seconds. */
  pending: Backlog
  /** The messages waiting to be sent, of all services. */
  unsent: Backlog
  /** Undefined when the broker does not answer. */
  queues: readonly QueueDepth[] | undefined
  /** Differences between services, and changes that would have broken an invariant, since the services started. */
  differences: number
  violations: number
}

type Backlog = { waiting: number | undefined; oldestAgeSeconds: number | undefined }

/** `sells` is whether buyers can buy; `attention` lists problems for the operator, the most urgent first. */
export type Verdict = { sells: boolean; attention: readonly string[] }

/** Asks all services and the broker, each for at most a few seconds. */
export async function marketHealth(options: {
  urls: Readonly<Record<string, string>>
  /** With the account of each service that has queues. */
  brokerUrls: Readonly<Record<string, string>>
}): Promise<MarketHealth> {
  const [asked, depths] = await Promise.all([
    Promise.all(SERVICES.map(async (name) => [name, await serviceHealth(options.urls[name] ?? '')] as const)),
    Promise.all(Object.entries(options.brokerUrls).map(([name, url]) => askQueues(url, queuesOf(name)))),
  ])
  const services = Object.fromEntries(asked)
  const figure = (name: string): number[] =>
    asked.flatMap(([, { figures }]) => {
      const value = figures[name]
      return value === undefined || Number.isNaN(value) ? [] : [value]
    })
  const backlog = (waiting: string, age: string): Backlog => ({
    waiting: figure(waiting).length > 0 ? sum(figure(waiting)) : undefined,
    oldestAgeSeconds: figure(age).length > 0 ? Math.round(Math.max(...figure(age))) : undefined,
  })
  return {
    services,
    pending: backlog('orders_pending', 'orders_pending_oldest_age_seconds'),
    unsent: backlog('outbox_unsent', 'outbox_oldest_age_seconds'),
    queues: depths.every((one) => one !== undefined) ? depths.flat() : undefined,
    differences: sum(figure('reconciliation_differences_total')),
    violations: sum(figure('invariant_violation_total')),
  }
}

/** Judges the findings. Every sentence says what is wrong and where to look next. */
export function judge(health: MarketHealth): Verdict {
  const { services, pending, unsent, queues, differences, violations } = health
  const stops = SERVICES.flatMap((name) => {
    const reason = services[name]?.notReady
    return reason === undefined ? [] : [`${name} is not ready: ${reason}. See ./bazaar logs ${name}`]
  })
  if ((pending.oldestAgeSeconds ?? 0) > PENDING_SECONDS_MAX)
    stops.push(
      `${pending.waiting} orders are waiting to be completed, the oldest for ${pending.oldestAgeSeconds} s. See ./bazaar logs order`,
    )
  if (pending.waiting === undefined)
    stops.push('the order service does not report how many orders are waiting')

  const attention = SERVICES.flatMap((name) => {
    const reason = services[name]?.degraded
    return reason === undefined ? [] : [`${name} is degraded: ${reason}`]
  })
  if (violations > 0)
    attention.push(`${violations} changes would have broken an invariant. See ./bazaar logs inventory`)
  if (differences > 0)
    attention.push(`${differences} differences between services were found. See ./bazaar reconcile`)
  if ((unsent.oldestAgeSeconds ?? 0) > UNSENT_SECONDS_MAX)
    attention.push(
      `${unsent.waiting} messages are waiting to be sent, the oldest for ${unsent.oldestAgeSeconds} s`,
    )
  if (!queues) attention.push('the broker does not answer')
  const dead = sum((queues ?? []).map((queue) => queue.dead))
  if (dead > 0) attention.push(`${dead} messages could not be handled. See ./bazaar messages list`)
  return { sells: stops.length === 0, attention: [...stops, ...attention] }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
