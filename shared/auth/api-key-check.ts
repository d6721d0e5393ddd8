import type { Health } from '../process/health.ts'

/** A service's verdict on an API key; `no answer` also when it cannot tell right now. */
export type KeyAnswer = 'known' | 'refused' | 'no answer'

const ANSWER_WITHIN_MS = 400
const PROVEN_FOR_MS = 30_000

/** Uses the key for a call that it need not be allowed to make: only an unknown key gets a 401. */
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
    // An unreachable service is no concern here: callers that need it will notice.
    return 'no answer'
  }
}

/**
 * Makes readiness check, every half a minute, that another service still accepts this service's API key. If the key
 * is refused from the start, the service is not ready, so a roll-out with a wrong key stops there. If it is refused
 * later, the service is only degraded: work that needs no other service goes on.
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
