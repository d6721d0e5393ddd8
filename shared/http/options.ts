import type { Redis } from 'ioredis'
import type { CommonConfig } from '../process/config.ts'
import type { Life } from '../process/lifecycle.ts'
import type { FrameOptions } from './frame.ts'
import { createRateLimiter } from './rate-limit.ts'

/** The frame's settings, from the configuration. Requests are counted in Redis if the service has one. */
export function frameOptions(
  service: string,
  {
    config,
    life,
    redis,
  }: { config: CommonConfig; life: Pick<Life, 'health' | 'metrics' | 'log'>; redis?: Redis },
): FrameOptions {
  const { health, metrics, log } = life
  const { corsOrigins, trustedProxies, docsHidden, metricsToken, hstsSeconds, rateLimits } = config.http
  return {
    health,
    metrics,
    log,
    corsOrigins,
    trustedProxies,
    docsHidden,
    metricsToken,
    hstsSeconds,
    rateLimiter: createRateLimiter({ service, limits: rateLimits, log, ...(redis ? { redis } : {}) }),
  }
}
