import { createHash } from 'node:crypto'
import type { Target } from '../cluster/target.ts'
import type { Outcome } from '../history/history.ts'

/** One request. */
export type Call = {
  service: keyof Target['urls']
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  session?: string | undefined
  idempotencyKey?: string
  body?: unknown
}

/** What came of one request, sent once. */
export type Attempt = {
  outcome: Outcome
  /** The status of the answer; without one, what happened to the connection. */
  status: number | 'refused' | 'cut' | 'too late'
  /** The code of the problem, where the answer is one. */
  code?: string
  body: unknown
  /** Tells two answers apart that must be the same; the id of the request is left out. */
  fingerprint?: string
  replayed: boolean
  retryAfterMs?: number
  /** What no answer may be like, whatever happens behind it. */
  flaw?: string
}

/** Longer than any answer takes that is not broken: a declined card answers after two seconds. */
const DEADLINE_MS = 6_000

/**
 * Sends a request once, on a connection of its own: a kept connection that breaks would be replaced, and the
 * request repeated, behind our back.
 */
export async function send(urls: Target['urls'], call: Call): Promise<Attempt> {
  const { service, method, path, session, idempotencyKey, body } = call
  try {
    const answer = await fetch(urls[service] + path, {
      method,
      keepalive: false,
      signal: AbortSignal.timeout(DEADLINE_MS),
      headers: {
        ...(session === undefined ? {} : { session }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return judgeAnswer(answer, await answer.text())
  } catch (error) {
    return { ...judgeError(error), body: undefined, replayed: false }
  }
}

function judgeAnswer(answer: Response, text: string): Attempt {
  const { status, headers } = answer
  const replayed = headers.get('idempotent-replayed') === 'true'
  let body: unknown
  try {
    body = text === '' ? undefined : JSON.parse(text)
  } catch {
    // One that breaks off never comes here: it is shorter than its header says.
    const flaw = `a ${status} that is not JSON`
    return {
      outcome: status < 400 ? 'info' : outcomeOf(status, undefined),
      status,
      body: undefined,
      replayed,
      flaw,
    }
  }
  const code = memberOf(body, 'code')
  const retryAfter = headers.get('retry-after')
  const flaw = flawOf(answer, code)
  return {
    outcome: outcomeOf(status, code),
    status,
    ...(code === undefined ? {} : { code }),
    body,
    fingerprint: fingerprintOf(status, body),
    replayed,
    ...(retryAfter === null ? {} : { retryAfterMs: Number(retryAfter) * 1_000 }),
    ...(flaw === undefined ? {} : { flaw }),
  }
}

/**
 * What an answer says about what was done. A 5xx says nothing, and a request that is still in hand says nothing
 * either. Every other refusal says that nothing was done by it.
 */
export function outcomeOf(status: number, code: string | undefined): Outcome {
  if (status >= 200 && status < 300) return 'ok'
  if (status >= 500) return 'info'
  return code === 'idempotency-key-in-use' ? 'info' : 'fail'
}

function judgeError(error: unknown): Pick<Attempt, 'outcome' | 'status'> {
  const name = error instanceof Error ? error.name : ''
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  if (code === 'ECONNREFUSED' || code === 'ConnectionRefused') return { outcome: 'fail', status: 'refused' }
  return { outcome: 'info', status: name === 'TimeoutError' ? 'too late' : 'cut' }
}

function flawOf({ status, headers }: Response, code: string | undefined): string | undefined {
  if (status < 400) return undefined
  if (status >= 500 && status !== 503) return `answered ${status}`
  if (!headers.get('content-type')?.startsWith('application/problem+json') || code === undefined)
    return `a ${status} that is no problem document`
  return (status === 503 || status === 429) && headers.get('retry-after') === null
    ? `a ${status} without Retry-After`
    : undefined
}

/** The text of one member of a JSON object. */
export function memberOf(body: unknown, name: string): string | undefined {
  if (typeof body !== 'object' || body === null || !(name in body)) return undefined
  const member: unknown = Reflect.get(body, name)
  return typeof member === 'string' ? member : undefined
}

function fingerprintOf(status: number, body: unknown): string {
  const text = JSON.stringify(body, (name, value: unknown) => (name === 'instance' ? undefined : value))
  return shortHash(`${status} ${text}`)
}

/** Enough of a SHA-256 to tell a million things apart. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16)
}
