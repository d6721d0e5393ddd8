import { pause } from '../src/retry.ts'

/** How a busy service turns away a request, before it has done anything. */
const BUSY = /503 (?:dependency-unavailable|overloaded)|429 too-many-requests/
const ATTEMPTS_MAX = 5
const PAUSE_MS = 1_000

/**
 * Does work for new people, and again for others when a busy machine turned some of it away. The client does not repeat
 * what has no key, such as a sign-up.
 */
export async function unlessBusy<T>(work: () => Promise<T>): Promise<T> {
  for (let attempts = 1; ; attempts++) {
    try {
      return await work()
    } catch (error) {
      if (attempts === ATTEMPTS_MAX || !BUSY.test(String(error))) throw error
      await pause(PAUSE_MS, undefined)
    }
  }
}
