import { Elysia } from 'elysia'
import type { Metrics } from '../telemetry/metrics.ts'
import { DeadlineExceeded, within } from './deadline.ts'

/** Finds out whether one dependency of the service works; rejects or returns a reason when it does not. */
export type ReadinessCheck = () => Promise<string | undefined>

/** Whether the service may receive requests, and if not, why. */
export type Health = {
  /** The dependencies without which it cannot answer requests. */
  checks: Record<string, ReadinessCheck>
  /** The dependencies of its background work: when one fails the service is degraded, but still receives requests. */
  background: Record<string, ReadinessCheck>
  draining: boolean
}

/** The reason why each failed check failed. */
type Failures = Record<string, string>
type Found = { failures: Failures; degraded: Failures }

const CHECK_DEADLINE_MS = 500
const CACHED_MS = 1_000
/** Bad news expires faster, so that anything waiting for the service soon hears that it is ready. */
const FAILURE_CACHED_MS = 100

/**
 * `/health/live` speaks only about the process itself. `/health/ready` asks every dependency, each within half a
 * second, and remembers the result for up to a second so that probes cost nothing. Failed background dependencies are
 * reported but turn nobody away: while the broker is down, orders can be placed. Failed dependencies are named only
 * if it is `detailed`.
 */
export function healthRoutes(health: Health, metrics: Metrics, { detailed }: { detailed: boolean }) {
  let cached: { until: number; found: Promise<Found> } | undefined

  function check(): Promise<Found> {
    const found = findFailures(health)
    const mine = { until: Date.now() + CACHED_MS, found }
    cached = mine
    void found.then(({ failures, degraded }) => {
      if (!isEmpty(failures) || !isEmpty(degraded)) mine.until = Date.now() + FAILURE_CACHED_MS
    })
    return found
  }

  async function present(): Promise<Found> {
    const found = await (cached && Date.now() < cached.until ? cached.found : check())
    const failures = { ...found.failures, ...(health.draining ? { service: 'is stopping' } : {}) }
    return { ...found, failures }
  }

  return new Elysia({ name: 'health' })
    .get('/health/live', () => ({ status: 'live' }), { detail: { hide: true } })
    .get(
      '/health/ready',
      async ({ set }) => {
        const { failures, degraded: failing } = await present()
        const degraded = isEmpty(failing) || !detailed ? {} : { degraded: failing }
        if (isEmpty(failures)) return { status: 'ready', ...degraded }
        set.status = 503
        return { status: 'not ready', ...(detailed ? { failures } : {}), ...degraded }
      },
      { detail: { hide: true } },
    )
    .get(
      '/metrics',
      async () => {
        const { failures } = await present()
        metrics.ready.set(isEmpty(failures) ? 1 : 0)
        return new Response(await metrics.registry.metrics(), {
          headers: { 'content-type': metrics.registry.contentType },
        })
      },
      { detail: { hide: true } },
    )
}

function isEmpty(failures: Failures): boolean {
  return Object.keys(failures).length === 0
}

async function findFailures({ checks, background }: Health): Promise<Found> {
  const [failures, degraded] = await Promise.all([failuresOf(checks), failuresOf(background)])
  return { failures, degraded }
}

async function failuresOf(checks: Health['checks']): Promise<Failures> {
  const outcomes = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      const asked = within(CHECK_DEADLINE_MS, check(), `did not answer within ${CHECK_DEADLINE_MS} ms`)
      const reason = await asked.catch((error: unknown) =>
        error instanceof DeadlineExceeded ? error.message : 'cannot be reached',
      )
      return [name, reason] as const
    }),
  )
  return Object.fromEntries(outcomes.flatMap(([name, reason]) => (reason ? [[name, reason]] : [])))
}
