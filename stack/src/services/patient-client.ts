import { setTimeout as delay } from 'node:timers/promises'
import type { Api } from '@bazaar/shared/api/operation'
import { type Client, RemoteProblem } from '@bazaar/shared/clients/client'
import { DependencyUnavailable } from '@bazaar/shared/problem'
import { unlessAborted } from '../processes/unless-aborted.ts'

/** The time for repeating a call while a service cannot do it, as on a busy machine. */
const PATIENCE_MS = 120_000
/** The window of the services' rate limits. A caller who is told to come back much later is not just one of many. */
const PAUSE_SECONDS_MAX = 10

/**
 * A patient client: each call is repeated while the service cannot be reached or is too busy, for two minutes at most
 * and not after the signal.
 */
export function patient<A extends Api>(client: Client<A>, signal: AbortSignal | undefined): Client<A> {
  const calls = Object.entries<(input: never) => Promise<unknown>>(client).map(([name, call]) => [
    name,
    (input: never) => patiently(() => call(input), signal),
  ])
  // Each function has the types of the client's own function.
  return Object.fromEntries(calls) as Client<A>
}

async function patiently<Result>(
  call: () => Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  const giveUpAt = performance.now() + PATIENCE_MS
  for (;;) {
    try {
      return await unlessAborted(signal, call)
    } catch (error) {
      const busy =
        error instanceof DependencyUnavailable || (error instanceof RemoteProblem && error.status === 429)
      const pauseSeconds = busy ? (error.retryAfterSeconds ?? 1) : Number.POSITIVE_INFINITY
      if (pauseSeconds > PAUSE_SECONDS_MAX || performance.now() > giveUpAt) throw error
      await delay(pauseSeconds * 1_000, undefined, { ...(signal && { signal }) })
    }
  }
}
