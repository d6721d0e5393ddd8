import { readFigures } from '@bazaar/shared/telemetry/figures'
import type { Config } from '../config.ts'

/** How a service is, as it says itself; silent when it says nothing. */
export type State = 'ready' | 'degraded' | 'notReady' | 'silent'

/** What one service says about itself. */
export type Report = {
  name: string
  state: State
  /** What does not work; in production services do not say. */
  faults: readonly string[]
  /** Its metrics by name, summed over their labels; none when it does not show them to the shop. */
  figures: Readonly<Record<string, number>>
}

const TIMEOUT_MS = 3_000

/** Asks the services that the shop may reach how they are. Never throws, because silence is an answer, too. */
export function askServices(config: Pick<Config, 'baseUrls' | 'metricsToken'>): Promise<Report[]> {
  return Promise.all(
    Object.entries(config.baseUrls).map(async ([name, url]) => {
      const [health, figures] = await Promise.all([askHealth(url), askFigures(url, config)])
      return { name, ...health, figures }
    }),
  )
}

async function askHealth(url: string): Promise<Pick<Report, 'state' | 'faults'>> {
  try {
    const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(TIMEOUT_MS) })
    const { failures = {}, degraded = {} }: { failures?: object; degraded?: object } = await answer.json()
    const faults = Object.entries({ ...failures, ...degraded }).map(([part, reason]) => `${part} ${reason}`)
    if (!answer.ok) return { state: 'notReady', faults }
    return { state: faults.length === 0 ? 'ready' : 'degraded', faults }
  } catch {
    // Whatever the reason: it says nothing that could be shown.
    return { state: 'silent', faults: [] }
  }
}

async function askFigures(
  url: string,
  { metricsToken }: Pick<Config, 'metricsToken'>,
): Promise<Report['figures']> {
  try {
    const headers = metricsToken ? { authorization: `Bearer ${metricsToken}` } : {}
    const answer = await fetch(`${url}/metrics`, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) })
    return answer.ok ? readFigures(await answer.text()) : {}
  } catch {
    // Its health tells already that it does not answer.
    return {}
  }
}
