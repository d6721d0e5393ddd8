import type { Redis } from 'ioredis'
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from 'rate-limiter-flexible'
import { DomainError } from '../problem.ts'
import type { Counted, RateLimits } from '../process/http-config.ts'
import { type RedisProof, redisSpan } from '../process/redis.ts'
import type { Log } from '../telemetry/log.ts'
import { createOutageLog } from '../telemetry/outage-log.ts'
import { inSpan } from '../telemetry/spans.ts'

/*
 * The limits on requests per caller. A caller with a session is counted by the session, one with an API key by the
 * key, and any other by address. All instances of a service count together, in Redis. While Redis is away each
 * instance counts for itself: requests that need a session are refused then anyway, and public ones go on.
 */

/** Counts requests. `take` returns the headers that tell callers how many requests they have left. */
export type RateLimiter = {
  take: (counted: Counted, options: { who: string; cost: number }) => Promise<Record<string, string>>
}

/** Uses only commands that cannot create or change a session, so that every service may be allowed them. */
const COUNT = `
local consumed = redis.call('incrby', KEYS[1], ARGV[1])
local leftMs = redis.call('pttl', KEYS[1])
if leftMs < 0 then
  leftMs = 1000 * ARGV[2]
  redis.call('pexpire', KEYS[1], leftMs)
end
return {consumed, leftMs}`

/** The Redis commands that counting needs, tried on a counter that nobody has. */
export const COUNTING_PROOFS: readonly RedisProof[] = [
  ['incrby', 'rate:proof', '0'],
  ['pttl', 'rate:proof'],
  ['pexpire', 'rate:proof', '1'],
  ['eval', 'return 1', '0'],
]

/** The pause after a Redis failure, so that not every request has to wait for it. */
const REDIS_PAUSE_MS = 1_000

/** Counts for one service. Without Redis, as in the identity service, each instance counts for itself. */
export function createRateLimiter(options: {
  service: string
  limits: RateLimits
  redis?: Redis
  log: Log
}): RateLimiter {
  const { service, limits, redis, log } = options
  const outage = createOutageLog(log, 'counting of requests in Redis')
  const kinds: Counted[] = ['address', 'session', 'key']
  const counters = Object.fromEntries(
    kinds.map((counted) => {
      const points = limits[counted]
      const common = { points, duration: limits.windowSeconds, keyPrefix: `rate:${service}:${counted}` }
      const shared =
        redis &&
        new RateLimiterRedis({
          ...common,
          storeClient: redis,
          customIncrTtlLuaScript: COUNT,
          rejectIfRedisNotReady: true,
          // A caller over the limit is refused from memory, so a flood does not reach Redis.
          inMemoryBlockOnConsumed: points + 1,
        })
      return [counted, { shared, local: new RateLimiterMemory(common) }]
    }),
  ) as Record<Counted, { shared: RateLimiterRedis | undefined; local: RateLimiterMemory }>
  let sharedFrom = 0

  async function count(counted: Counted, who: string, cost: number): Promise<Counting> {
    const { shared, local } = counters[counted]
    if (shared && Date.now() >= sharedFrom) {
      try {
        const counting = await inSpan(
          () => redisSpan('EVAL count request'),
          () => consume(shared, who, cost),
        )
        outage.worked()
        return counting
      } catch (error) {
        outage.failed(error)
        sharedFrom = Date.now() + REDIS_PAUSE_MS
      }
    }
    return consume(local, who, cost)
  }

  return {
    async take(counted, { who, cost }) {
      const { refused, state } = await count(counted, who, cost)
      const resetSeconds = Math.max(1, Math.ceil(state.msBeforeNext / 1000))
      // https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
      const headers = {
        'ratelimit-policy': `"${counted}";q=${limits[counted]};w=${limits.windowSeconds}`,
        ratelimit: `"${counted}";r=${state.remainingPoints};t=${resetSeconds}`,
      }
      if (!refused) return headers
      throw new DomainError('too-many-requests', 'Too many requests; try again later', {
        retryAfterSeconds: resetSeconds,
        headers,
      })
    },
  }
}

/** Whether a request was over its limit, and the number that is left after it. */
type Counting = { refused: boolean; state: RateLimiterRes }

/**
 * Counts a request. The library throws when a request is over the limit, and only the exception tells: when it
 * refuses from memory, the state says that nothing was consumed.
 */
async function consume(counter: RateLimiterAbstract, who: string, cost: number): Promise<Counting> {
  try {
    return { refused: false, state: await counter.consume(who, cost) }
  } catch (error) {
    if (error instanceof RateLimiterRes) return { refused: true, state: error }
    throw error
  }
}
