import type { OperationRow } from './operation-row.ts'
import { problemOf } from './problem.ts'
import { type Input, type Options, type Prepared, prepare } from './request.ts'
import { pause, pauseMsBefore, type RetryLimits } from './retry.ts'
import { type Answer, send } from './send.ts'
import type { SessionStore } from './session-store.ts'
import type { Fetch } from './upload.ts'

/** What all calls of one service share. */
export type Caller = {
  baseUrl: string
  session: SessionStore
  fetch: Fetch
  timeoutMs: number
  limits: RetryLimits
}

const FOLLOW_PAUSE_MS = { first: 250, longest: 2_000 }
const PENDING_STATUS = 202

/** Carries an operation out: keeps the session that it begins, repeats what may be repeated, follows what is pending. */
export async function call(
  caller: Caller,
  operation: OperationRow,
  { input, options }: { input: Input; options: Options },
): Promise<Answer<unknown>> {
  const session = (await caller.session.load()) ?? undefined
  const prepared = prepare(operation, { baseUrl: caller.baseUrl, input, options, session })
  const first = await sendUntilAnswered(caller, { operation, prepared, options })
  const answer = await follow(first, caller, { operation, prepared, options })
  if (operation.session === 'begins') await caller.session.save(sessionIn(answer.body))
  if (operation.session === 'ends') await caller.session.save(undefined)
  return answer
}

type Request = { operation: OperationRow; prepared: Prepared; options: Options }

/** Only what cannot have a second effect is sent again: reading, and writing under a key. */
async function sendUntilAnswered(caller: Caller, request: Request): Promise<Answer<unknown>> {
  const { operation, prepared, options } = request
  const isRepeatable = operation.method === 'GET' || prepared.idempotencyKey !== undefined
  const { signal, onProgress, timeoutMs = caller.timeoutMs } = options
  for (let attempts = 1; ; attempts++) {
    try {
      return await send(operation, prepared, { fetch: caller.fetch, timeoutMs, signal, onProgress })
    } catch (error) {
      const pauseMs = pauseMsBefore(error, { attempts, limits: caller.limits, chance: Math.random() })
      if (!isRepeatable || pauseMs === undefined) throw error
      await pause(pauseMs, signal)
    }
  }
}

/**
 * Repeats a request whose answer was "still being worked on" until it is answered for good, or the time is up. The
 * repetition is answered as the first request would have been, so a refusal is thrown here as well.
 */
async function follow(first: Answer<unknown>, caller: Caller, request: Request): Promise<Answer<unknown>> {
  const { settleWithinMs = 0, signal } = request.options
  const untilMs = performance.now() + settleWithinMs
  let answer = first
  for (let pauseMs = FOLLOW_PAUSE_MS.first; answer.status === PENDING_STATUS; ) {
    if (performance.now() + pauseMs > untilMs) return answer
    await pause(pauseMs, signal)
    answer = (await repeat(caller, request)) ?? answer
    pauseMs = Math.min(pauseMs * 2, FOLLOW_PAUSE_MS.longest)
  }
  return answer
}

/** The answer now, or undefined while somebody else has the request in hand. */
async function repeat(caller: Caller, request: Request): Promise<Answer<unknown> | undefined> {
  try {
    return await sendUntilAnswered({ ...caller, limits: { ...caller.limits, attemptsMax: 1 } }, request)
  } catch (error) {
    if (problemOf(error)?.code === 'idempotency-key-in-use') return undefined
    throw error
  }
}

function sessionIn(body: unknown): string {
  if (typeof body === 'object' && body !== null && 'session' in body && typeof body.session === 'string')
    return body.session
  throw new TypeError('The log-in was answered without a session')
}
