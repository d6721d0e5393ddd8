import type { RedisProof } from '@bazaar/shared/process/redis'

/**
 * The Redis commands for keeping sessions and counting attempts, beyond looking sessions up, on keys that nobody has.
 */
export const STORE_PROOFS: readonly RedisProof[] = [
  ['set', 'session:proof', '', 'PX', '1'],
  ['exists', 'session:proof'],
  ['mget', 'session:proof'],
  ['del', 'session:proof'],
  ['zadd', 'sessions:proof', '0', 'proof'],
  ['zrange', 'sessions:proof', '0', '-1'],
  ['zrem', 'sessions:proof', 'proof'],
  ['zcard', 'sessions:proof'],
  ['zpopmin', 'sessions:proof'],
  ['zscore', 'attempts:proof', 'proof'],
  ['zremrangebyrank', 'attempts:proof', '0', '-1'],
  ['hincrby', 'attempts:proof:count', 'tried', '0'],
  ['hset', 'attempts:proof:count', 'until', '0'],
  ['hget', 'attempts:proof:count', 'until'],
  ['hdel', 'attempts:proof:count', 'tried', 'until'],
  ['time'],
]
