import { RemoteProblem } from '@bazaar/shared/clients/client'
import { DependencyUnavailable } from '@bazaar/shared/problem'
import { MatchersV3 } from '@pact-foundation/pact'
import type { Agreement } from './agree.ts'

const { regex } = MatchersV3

/** A moment as our services write it; which one is up to the provider. */
export function anInstant(example = '2026-01-31T09:30:00.000Z') {
  return regex('^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,6})?Z$', example)
}

/** An id that the provider makes up. */
export function anId(example: string) {
  return regex('^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$', example)
}

/** A refusal: consumers look at its status and its code, and `members` are what else they need of it. */
export function refusalWith(status: number, code: string, members: object = {}): Agreement['response'] {
  return { status, headers: { 'Content-Type': 'application/problem+json' }, body: { code, ...members } }
}

/** A refusal that says when to come back: the consumer passes that on. */
export function refusalUntilLater(status: number, code: string): Agreement['response'] {
  return {
    status,
    headers: { 'Content-Type': 'application/problem+json', 'Retry-After': regex('^[1-9][0-9]*$', '2') },
    body: { code },
  }
}

/**
 * What every consumer makes of an answer that is not meant for its own caller (its key is refused, the provider
 * is in trouble): the provider counts as away. `code` is for the log, and shows that the refusal was understood.
 *
 * @throws {Error} when the call succeeds or fails otherwise.
 */
export async function countsAsAway(
  call: Promise<unknown>,
  expected: { status: number; code: string; retryAfterSeconds?: number },
): Promise<void> {
  const error = await failureOf(call)
  if (!(error instanceof DependencyUnavailable)) throw new Error('The provider does not count as away')
  const { cause, retryAfterSeconds } = error
  if (!(cause instanceof RemoteProblem)) throw new Error('The refusal was not understood', { cause })
  if (cause.status !== expected.status || cause.code !== expected.code)
    throw new Error(`The refusal was ${cause.status} ${cause.code}`)
  if (expected.retryAfterSeconds !== undefined && retryAfterSeconds !== expected.retryAfterSeconds)
    throw new Error(`The consumer comes back after ${retryAfterSeconds} s`)
}

/** What a call fails with. */
export async function failureOf(call: Promise<unknown>): Promise<unknown> {
  try {
    await call
  } catch (error) {
    return error
  }
  throw new Error('The call succeeded')
}
