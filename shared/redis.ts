import { Redis } from 'ioredis'
import { refuseInsideTransaction } from './inside-transaction.ts'
import type { Log } from './log.ts'
import { DependencyUnavailable } from './problem.ts'

const COMMAND_DEADLINE_MS = 250

/**
 * Connects to Redis so that nothing ever waits for it: a command is answered within a quarter of a second or
 * fails, nothing is queued while it is away, and no command is sent twice. It reconnects for ever; also when it is
 * refused a write, because then another one has taken over to which the same address leads by now.
 */
export function connectRedis(options: { url: string; log: Log }): Redis {
  const redis = new Redis(options.url, {
    commandTimeout: COMMAND_DEADLINE_MS,
    connectTimeout: 1_000,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    enableAutoPipelining: true,
    reconnectOnError: ({ message }) => message.includes('READONLY'),
    retryStrategy: (attempt) => Math.min(50 * attempt, 500),
  })
  let reported = false
  redis.on('ready', () => {
    reported = false
  })
  redis.on('error', (error: Error) => {
    if (!reported) options.log.warn({ error }, 'Redis cannot be reached')
    reported = true
  })
  return redis
}

/**
 * Runs commands on Redis.
 * @throws {DependencyUnavailable} when they fail for whatever reason: who asks must then refuse.
 */
export async function onRedis<T>(work: () => Promise<T>): Promise<T> {
  refuseInsideTransaction('ask Redis')
  try {
    return await work()
  } catch (cause) {
    throw new DependencyUnavailable('redis', { cause })
  }
}

/**
 * Whether Redis answers, and keeps what it promises: a replica takes no writes, without its log on disk a session that
 * was ended is back after a crash, and with an eviction policy people are logged out when memory is short. A replica is
 * left for whichever took over, also when nobody writes.
 */
export function redisCheck(redis: Redis): () => Promise<string | undefined> {
  return async () => {
    const sections = ['replication', 'persistence', 'memory'].map((section) => redis.info(section))
    const settings = (await Promise.all(sections)).join('')
    if (!settings.includes('role:master')) {
      redis.disconnect(true)
      return 'must be the master, not a replica'
    }
    if (!settings.includes('aof_enabled:1')) return 'appendonly must be yes'
    return settings.includes('maxmemory_policy:noeviction')
      ? undefined
      : 'maxmemory-policy must be noeviction'
  }
}
