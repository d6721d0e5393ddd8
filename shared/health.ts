import { Elysia } from 'elysia'
import type { Metrics } from './metrics.ts'

/** Finds out whether one thing the service needs works; rejects or answers a reason when it does not. */
export type ReadinessCheck = () => Promise<string | undefined>

/** Whether the service may be sent requests, and if not why. */
export type Health = { checks: Record<string, ReadinessCheck>; draining: boolean }

const CHECK_DEADLINE_MS = 500
const CACHED_MS = 1_000
/** Bad news ages faster: whoever waits for the service is to hear soon that it is ready. */
const FAILURE_CACHED_MS = 100

/**
 * `/health/live` speaks only about the process itself; `/health/ready` asks everything the service needs,
 * each within half a second, and remembers the result for up to a second so that probes cost nothing. What does
 * not work is named only where it is `detailed`.
 */
export function healthRoutes(health: Health, metrics: Metrics, { detailed }: { detailed: boolean }) {
  let cached: { until: number; failures: Promise<Record<string, string>> } | undefined

  function check(): Promise<Record<string, string>> {
    const failures = failuresOf(health)
    const mine = { until: Date.now() + CACHED_MS, failures }
    cached = mine
    void failures.then((found) => {
      if (Object.keys(found).length > 0) mine.until = Date.now() + FAILURE_CACHED_MS
    })
    return failures
  }

  return new Elysia({ name: 'health' })
    .get('/health/live', () => ({ status: 'live' }), { detail: { hide: true } })
    .get(
      '/health/ready',
      async ({ set }) => {
        const found = cached && Date.now() < cached.until ? cached.failures : check()
        const failures = {
          ...(await found),
          ...(health.draining ? { service: 'is stopping' } : {}),
        }
        const ready = Object.keys(failures).length === 0
        set.status = ready ? 200 : 503
        if (ready) return { status: 'ready' }
        return { status: 'not ready', ...(detailed ? { failures } : {}) }
      },
      { detail: { hide: true } },
    )
    .get(
      '/metrics',
      async () =>
        new Response(await metrics.registry.metrics(), {
          headers: { 'content-type': metrics.registry.contentType },
        }),
      { detail: { hide: true } },
    )
}

async function failuresOf(health: Health): Promise<Record<string, string>> {
  const outcomes = await Promise.all(
    Object.entries(health.checks).map(async ([name, check]) => {
      let timer: NodeJS.Timeout | undefined
      const tooLate = new Promise<string>((resolve) => {
        timer = setTimeout(() => resolve(`did not answer within ${CHECK_DEADLINE_MS} ms`), CHECK_DEADLINE_MS)
      })
      const reason = await Promise.race([check().catch(() => 'cannot be reached'), tooLate])
      clearTimeout(timer)
      return [name, reason] as const
    }),
  )
  return Object.fromEntries(outcomes.flatMap(([name, reason]) => (reason ? [[name, reason]] : [])))
}
