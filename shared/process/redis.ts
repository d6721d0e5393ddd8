import { Redis } from 'ioredis'
import { DependencyUnavailable } from '../problem.ts'
import type { Log } from '../telemetry/log.ts'
import { inSpan, type SpanDescription } from '../telemetry/spans.ts'
import { refuseInsideTransaction } from './inside-transaction.ts'

const COMMAND_DEADLINE_MS = 250
/** Rights are seldom taken away, and checking them writes. */
const PROVEN_FOR_MS = 10_000

/**
 * Connects to Redis so that nothing ever waits for it: a command is answered within a quarter of a second or fails,
 * nothing is queued while Redis is away, and no command is sent twice. It reconnects for ever. It also reconnects
 * when a write is refused, because then another server has taken over and the same address leads there.
 */
export function connectRedis(options: { url: string; log: Log }): Redis {
  // Each refused write in flight would ask to reconnect, and the library adds a listener to the connection each time.
  let isLeaving = false
  const redis = new Redis(options.url, {
    commandTimeout: COMMAND_DEADLINE_MS,
    connectTimeout: 1_000,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    enableAutoPipelining: true,
    reconnectOnError: ({ message }) => {
      if (isLeaving || !message.includes('READONLY')) return false
      isLeaving = true
      return true
    },
    retryStrategy: (attempt) => Math.min(50 * attempt, 500),
  })
  let reported = false
  redis.on('ready', () => {
    isLeaving = false
    reported = false
  })
  redis.on('error', (error: Error) => {
    if (!reported) options.log.warn({ error }, 'Redis cannot be reached')
    reported = true
  })
  return redis
}

/**
 * Runs commands on Redis. `summary` is what traces call them: the command, and what it is for.
 * @throws {DependencyUnavailable} when they fail for any reason: the caller must then refuse.
 */
export async function onRedis<T>(summary: string, work: () => Promise<T>): Promise<T> {
  refuseInsideTransaction('ask Redis')
  try {
    return await inSpan(() => redisSpan(summary), work)
  } catch (cause) {
    throw new DependencyUnavailable('redis', { cause })
  }
}

/** Commands on Redis as a span. */
export function redisSpan(summary: string): SpanDescription {
  return {
    name: summary,
    kind: 'client',
    attributes: { 'db.system.name': 'redis', 'db.query.summary': summary },
  }
}

/** A command with its arguments, on keys that belong to nobody. */
export type RedisProof = readonly [command: string, ...args: string[]]

/**
 * Finds a right that the account lacks, by running each command once. A command that fails for another reason says
 * nothing about the right to it.
 * @returns the reason of the first refusal, or undefined when there was none.
 */
export async function missingRedisRight(
  redis: Redis,
  proofs: readonly RedisProof[],
): Promise<string | undefined> {
  const outcomes = await Promise.all(
    proofs.map(async ([command, ...args]) => {
      try {
        await redis.call(command, ...args)
        return undefined
      } catch (error) {
        if (!(error instanceof Error) || !error.message.startsWith('NOPERM')) return undefined
        return `missing in Redis: the right to ${command} ${args[0] ?? ''}: ${error.message}`
      }
    }),
  )
  return outcomes.find((outcome) => outcome !== undefined)
}

/**
 * Checks that Redis answers, lets the service do its work, and keeps its promises. A replica takes no writes; without
 * its log on disk an ended session would be back after a crash; and with an eviction policy users would be logged out
 * when memory is short. A connection to a replica is dropped in favour of the server that took over, even when nobody
 * writes.
 */
export function redisCheck(
  redis: Redis,
  proofs: readonly RedisProof[] = [],
): () => Promise<string | undefined> {
  let provenUntil = 0
  return async () => {
    const sections = ['replication', 'persistence', 'memory'].map((section) => redis.info(section))
    const settings = (await Promise.all(sections)).join('')
    if (!settings.includes('role:master')) {
      redis.disconnect(true)
      return 'must be the master, not a replica'
    }
    if (!settings.includes('aof_enabled:1')) return 'appendonly must be yes'
    if (settings.includes('aof_last_write_status:err')) return 'must be able to write to its disk'
    if (!settings.includes('maxmemory_policy:noeviction')) return 'maxmemory-policy must be noeviction'
    if (Date.now() < provenUntil) return undefined
    const missing = await missingRedisRight(redis, proofs)
    if (!missing) provenUntil = Date.now() + PROVEN_FOR_MS
    return missing
  }
}
