import { setTimeout as delay } from 'node:timers/promises'
import { askAboutKey } from '@bazaar/shared/auth/api-key-check'
import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { StackError } from '../stack-error.ts'
import type { Secrets } from './secrets.ts'

const YEAR_MS = 365 * 24 * 3_600_000
const RENEW_BEFORE_MS = 30 * 24 * 3_600_000
const ANSWER_WITHIN_MS = 60_000
const RETRY_EVERY_MS = 100
const CALL_TIMEOUT_MS = 5_000
/** A store is down, or the bootstrap key is not entered yet: both pass soon after the start. */
const NOT_YET: readonly number[] = [503, 401]

const issuedAnswer = Type.Object({ key: Type.String() })

/** The services that call another one with a key of theirs. */
export const KEY_HOLDERS = ['user', 'order'] as const
/** One of them. */
export type KeyHolder = (typeof KEY_HOLDERS)[number]

/** The issuer of each caller's key, and the scopes of the key there. */
export const KEY_GRANTS = {
  user: { issuer: 'iam', scopes: ['credentials:write', 'credentials:verify'] },
  order: { issuer: 'inventory', scopes: ['reservations:write'] },
} as const satisfies Record<KeyHolder, { issuer: 'iam' | 'inventory'; scopes: readonly string[] }>

/** The callers whose key is missing, belongs to another database, or ends soon. */
export function keysToIssue(secrets: Secrets, databaseAddress: string, now: Date): KeyHolder[] {
  return KEY_HOLDERS.filter((holder) => {
    const issued = secrets.issuedKeys[holder]
    const lasts = issued && new Date(issued.expiresAt).getTime() - now.getTime() > RENEW_BEFORE_MS
    return !lasts || issued.issuedAt !== databaseAddress
  })
}

/**
 * Asks the issuer, which is just starting, for a key that the caller will use for a year.
 * @throws {StackError} when the issuer refuses or does not come up.
 */
export async function issueKey(
  holder: KeyHolder,
  options: {
    issuerUrl: string
    bootstrapKey: string
    databaseAddress: string
    now: Date
    signal?: AbortSignal
  },
): Promise<{ key: string; expiresAt: string; issuedAt: string }> {
  const { issuer, scopes } = KEY_GRANTS[holder]
  const expiresAt = new Date(options.now.getTime() + YEAR_MS).toISOString()
  const answer = await answerOf(issuer, {
    ...(options.signal && { signal: options.signal }),
    url: `${options.issuerUrl}/api-keys`,
    init: {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': options.bootstrapKey },
      body: JSON.stringify({ caller: holder, scopes, expiresAt }),
    },
  })
  const body: unknown = await answer.json()
  if (answer.status !== 201 || !Value.Check(issuedAnswer, body)) {
    throw new StackError(`Cannot get an API key for ${holder}: ${issuer} answered ${answer.status}.`)
  }
  return { key: body.key, expiresAt, issuedAt: options.databaseAddress }
}

/**
 * Whether the issuer, which is just starting, refuses the caller's key: the key was revoked, or the database that
 * knew it is gone.
 * @throws {StackError} when the issuer does not come up.
 */
export async function isKeyRefused(
  holder: KeyHolder,
  options: { issuerUrl: string; key: string; signal: AbortSignal },
): Promise<boolean> {
  const { issuer } = KEY_GRANTS[holder]
  const where = { baseUrl: options.issuerUrl, apiKey: options.key }
  const said = await patiently(issuer, options.signal, async (signal) => {
    const answer = await askAboutKey(where, signal)
    return answer === 'no answer' ? undefined : answer
  })
  return said === 'refused'
}

/** Calls until the service answers anything but that it is not up yet. */
async function answerOf(
  issuer: string,
  call: { url: string; init: RequestInit; signal?: AbortSignal },
): Promise<Response> {
  return await patiently(issuer, call.signal, async (signal) => {
    const answer = await fetch(call.url, { ...call.init, signal })
    if (!NOT_YET.includes(answer.status)) return answer
    await answer.body?.cancel()
    return undefined
  })
}

/** Tries until there is an outcome, for a minute at most and not after the signal. */
async function patiently<Outcome>(
  issuer: string,
  signal: AbortSignal | undefined,
  attempt: (signal: AbortSignal) => Promise<Outcome | undefined>,
): Promise<Outcome> {
  const giveUpAt = performance.now() + ANSWER_WITHIN_MS
  while (performance.now() < giveUpAt) {
    try {
      const patience = AbortSignal.timeout(CALL_TIMEOUT_MS)
      const outcome = await attempt(signal ? AbortSignal.any([signal, patience]) : patience)
      if (outcome !== undefined) return outcome
    } catch (error) {
      // Nothing listens yet; a lasting fault is reported when the time is over.
      if (!(error instanceof Error)) throw error
    }
    signal?.throwIfAborted()
    await delay(RETRY_EVERY_MS, undefined, { ...(signal && { signal }) })
  }
  throw new StackError(
    `Cannot get an API key: ${issuer} gave none within ${ANSWER_WITHIN_MS / 1000} s. See ./bazaar logs ${issuer}`,
  )
}
