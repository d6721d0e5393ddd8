import type { iamApi } from '@bazaar/shared/api/iam'
import { type Client, RemoteProblem } from '@bazaar/shared/clients/client'
import { iamClient } from '@bazaar/shared/clients/iam'
import { DomainError } from '@bazaar/shared/problem'

/** The identity service, the only one that sees passwords. */
export type Iam = Client<typeof iamApi>

/** Hashing takes a fifth of a second and others may be waiting before us, so this is longer than for other calls. */
const TIMEOUT_MS = 4_000

/** Connects to the identity service. */
export function connectIam(options: { baseUrl: string; apiKey: string }): Iam {
  return iamClient({ ...options, timeoutMs: TIMEOUT_MS, retriesMax: 1 })
}

/** Refusals that mean the same to our client as to us. Both APIs have the same field names. */
const PASSED_ON = new Set([
  'wrong-credentials',
  'password-too-common',
  'password-unchanged',
  'too-many-requests',
])

/**
 * Waits for an answer of the identity service and passes its refusals on to our caller.
 * @throws {DomainError} wrong-credentials, password-too-common, password-unchanged or too-many-requests.
 * @throws {DependencyUnavailable} when there is no answer.
 */
export async function passedOn<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (cause) {
    if (!(cause instanceof RemoteProblem) || !PASSED_ON.has(cause.code)) throw cause
    const { code, detail = 'The identity service refused this', errors, retryAfterSeconds } = cause
    throw new DomainError(code, detail, {
      cause,
      ...(errors.length > 0 ? { errors } : {}),
      ...(retryAfterSeconds ? { retryAfterSeconds } : {}),
    })
  }
}
