import { createHash } from 'node:crypto'
import { networkOf } from '@bazaar/shared/http/request/client-address'
import { DependencyUnavailable } from '@bazaar/shared/problem'
import { onRedis } from '@bazaar/shared/process/redis'
import type { Redis } from 'ioredis'
import type { AttemptLimits } from '../config.ts'

/*
 * Password attempts, counted in Redis in three ways: for one login from one address, for one login from any address,
 * and for one address with any login. Each count allows some attempts for free; after that, every wait is twice as
 * long as the one before. An attempt is counted before the password is checked, so that a hundred at once count as a
 * hundred; a right one is taken back. An address from which a login has succeeded before has only its own count, so
 * that nobody else can lock the owner out. Everything runs in single scripts by the clock of Redis, so that all
 * instances count together.
 */

/** The login whose password is tried, as entered, and the address it is tried from. */
export type Attempt = { login: string; address: string }

const WAIT_MAX_MS = 15 * 60 * 1_000
const DAY_MS = 24 * 60 * 60 * 1_000
const FORGOTTEN_AFTER_MS = { login: DAY_MS, address: 60 * 60 * 1_000 }
const KNOWN_MS = 90 * DAY_MS
/** More addresses than a person logs in from in three months; the oldest gives way. */
const KNOWN_MAX = 20

/**
 * KEYS: the known addresses of the login; the counts of login and address, login, address. ARGV: address, first wait,
 * longest wait, then for each count the number of free attempts and the time until it is forgotten. Returns the
 * milliseconds to wait; 0 when the attempt may be made.
 */
const BEGIN = `
local time = redis.call('time')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local counts = 4
if redis.call('zscore', KEYS[1], ARGV[1]) then counts = 2 end
local wait = 0
for number = 2, counts do
  wait = math.max(wait, (tonumber(redis.call('hget', KEYS[number], 'until')) or 0) - now)
end
if wait > 0 then return wait end
for number = 2, counts do
  local free = tonumber(ARGV[number * 2])
  local tried = redis.call('hincrby', KEYS[number], 'tried', 1)
  if tried >= free then
    local pause = math.min(ARGV[2] * 2 ^ math.min(tried - free, 30), ARGV[3])
    redis.call('hset', KEYS[number], 'until', string.format('%.0f', now + pause))
  end
  redis.call('pexpire', KEYS[number], ARGV[number * 2 + 1])
end
return 0`

/**
 * KEYS as above. ARGV: address, `right` or `undecided`, the time that an address stays known, the most known
 * addresses.
 */
const TAKE_BACK = `
local counts = 4
if redis.call('zscore', KEYS[1], ARGV[1]) then counts = 2 end
for number = 2, counts do
  if redis.call('exists', KEYS[number]) == 1 then
    redis.call('hdel', KEYS[number], 'until')
    if redis.call('hincrby', KEYS[number], 'tried', -1) <= 0 then redis.call('del', KEYS[number]) end
  end
end
if ARGV[2] == 'right' then
  local time = redis.call('time')
  redis.call('del', KEYS[2])
  redis.call('zadd', KEYS[1], time[1], ARGV[1])
  redis.call('zremrangebyrank', KEYS[1], 0, -1 - ARGV[4])
  redis.call('pexpire', KEYS[1], ARGV[3])
end
return 1`

/**
 * Counts an attempt. Returns the milliseconds to wait before the next; 0 when this one may be made.
 * @throws {DependencyUnavailable} when Redis cannot tell: nobody tries passwords uncounted.
 */
export async function beginAttempt(redis: Redis, attempt: Attempt, limits: AttemptLimits): Promise<number> {
  const { login, address } = FORGOTTEN_AFTER_MS
  const waitMs = await onRedis('EVAL begin attempt', () =>
    redis.eval(
      BEGIN,
      4,
      ...keysOf(attempt),
      networkOf(attempt.address),
      limits.firstWaitMs,
      WAIT_MAX_MS,
      limits.ofLoginFromAddress,
      login,
      limits.ofLogin,
      login,
      limits.ofAddress,
      address,
    ),
  )
  if (typeof waitMs !== 'number') throw new DependencyUnavailable('redis')
  return waitMs
}

/** Takes back an attempt that was right, and remembers its address; or one that was not decided. */
export async function takeBackAttempt(
  redis: Redis,
  attempt: Attempt,
  outcome: 'right' | 'undecided',
): Promise<void> {
  await onRedis('EVAL take back attempt', () =>
    redis.eval(TAKE_BACK, 4, ...keysOf(attempt), networkOf(attempt.address), outcome, KNOWN_MS, KNOWN_MAX),
  )
}

function keysOf({ login, address }: Attempt): [string, string, string, string] {
  const name = createHash('sha256').update(login).digest('base64url')
  const network = networkOf(address)
  return [
    `attempts:known:${name}`,
    `attempts:login:${name}:${network}`,
    `attempts:login:${name}`,
    `attempts:address:${network}`,
  ]
}
