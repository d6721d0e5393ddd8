import type { Health } from '../telemetry/health.ts'

/** What a service says to an API key; `no answer` also when it cannot tell now. */
export type KeyAnswer = 'known' | 'refused' | 'no answer'

const ANSWER_WITHIN_MS = 400
const PROVEN_FOR_MS = 30_000

/** Uses the key for a call that it need not be allowed: only a key that the service does not know is answered with 401. */
export async function askAboutKey(
  { baseUrl, apiKey }: { baseUrl: string; apiKey: string },
  signal: AbortSignal = AbortSignal.timeout(ANSWER_WITHIN_MS),
): Promise<KeyAnswer> {
  try {
    const answer = await fetch(new URL('/api-keys', baseUrl), { headers: { 'x-api-key': apiKey }, signal })
    await answer.body?.cancel()
    if (answer.status === 401) return 'refused'
    return answer.ok || answer.status === 403 ? 'known' : 'no answer'
  } catch {
    // Whether the service can be reached is for those to find out who need it.
    return 'no answer'
  }
}

/**
 * Has the service's readiness prove the API key that it holds for another one, every half a minute. With a key that was
 * refused from the beginning it is not ready, so that a roll-out with a wrong key stops there. One that is refused later
 * leaves it degraded: what needs no other service goes on.
 */
export function proveApiKey(
  health: Pick<Health, 'checks' | 'background'>,
  service: string,
  where: { baseUrl: string; apiKey: string },
): void {
  let everKnown = false
  let provenUntil = 0
  const prove = async () => {
    if (Date.now() < provenUntil) return undefined
    const answer = await askAboutKey(where)
    if (answer === 'known') {
      everKnown = true
      provenUntil = Date.now() + PROVEN_FOR_MS
    }
    return answer === 'refused' ? `the API key for ${service} is refused` : undefined
  }
  const name = `key for ${service}`
  health.checks[name] = async () => (everKnown ? undefined : await prove())
  health.background[name] = async () => (everKnown ? await prove() : undefined)
}
