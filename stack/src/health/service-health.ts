import { readFigures } from '@bazaar/shared/telemetry/figures'
import { messageOf } from '../stack-error.ts'

/** The report of one service about itself. */
export type ServiceHealth = {
  /** The reason why it must not receive requests; undefined when it may. */
  notReady?: string
  /** The failures behind its answers; undefined when there are none. */
  degraded?: string
  /** Its metrics by name, summed over their labels; none when it does not answer. */
  figures: Readonly<Record<string, number>>
}

const TIMEOUT_MS = 3_000

/** Asks a service for its readiness and its metrics. Never throws, because silence is an answer, too. */
export async function serviceHealth(url: string): Promise<ServiceHealth> {
  const [ready, figures] = await Promise.all([askReady(url), askFigures(url)])
  return { ...ready, figures }
}

async function askReady(url: string): Promise<Omit<ServiceHealth, 'figures'>> {
  try {
    const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(TIMEOUT_MS) })
    const body: { failures?: object; degraded?: object } = await answer.json()
    return {
      ...(answer.ok ? {} : { notReady: described(body.failures) ?? `it answers with ${answer.status}` }),
      ...(body.degraded ? { degraded: described(body.degraded) ?? 'it does not say why' } : {}),
    }
  } catch (error) {
    return { notReady: `it does not answer (${messageOf(error)})` }
  }
}

function described(failures: object | undefined): string | undefined {
  const all = Object.entries(failures ?? {}).map(([name, reason]) => `${name} ${reason}`)
  return all.length > 0 ? all.join(', ') : undefined
}

async function askFigures(url: string): Promise<Record<string, number>> {
  try {
    const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(TIMEOUT_MS) })
    return answer.ok ? readFigures(await answer.text()) : {}
  } catch {
    // Its readiness already tells that the service does not answer.
    return {}
  }
}
