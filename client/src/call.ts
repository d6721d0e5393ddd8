import type { OperationRow } from './operation-row.ts'
import { type Input, type Options, type Prepared, prepare } from './request.ts'
import { pause, pauseMsBefore, type RetryLimits } from './retry.ts'
import { type Answer, send } from './send.ts'
import type { SessionStore } from './session-store.ts'
import { untilSettled } from './settle.ts'
import type { Fetch } from './upload.ts'

/** What all calls of one service share. */
export type Caller = {
  baseUrl: string
  session: SessionStore
  fetch: Fetch
  timeoutMs: number
  limits: RetryLimits
}

/** Carries an operation out: keeps the session that it begins, repeats what may be repeated, follows what is pending. */
export async function call(
  caller: Caller,
  operation: OperationRow,
  { input, options }: { input: Input; options: Options },
): Promise<Answer<unknown>> {
  const session = (await caller.session.load()) ?? undefined
  const prepared = prepare(operation, { baseUrl: caller.baseUrl, input, options, session })
  const ask = () => sendUntilAnswered(caller, { operation, prepared, options })
  const { settleWithinMs: withinMs, signal } = options
  const answer = withinMs === undefined ? await ask() : await untilSettled(ask, { withinMs, signal })
  if (operation.session === 'begins') await caller.session.save(sessionIn(answer.body))
  if (operation.session === 'ends') await caller.session.save(undefined)
  return answer
}

type Request = { operation: OperationRow; prepared: Prepared; options: Options }

/** Sends a request, and sends it again only if that cannot have a second effect: a read, or a write under a key. */
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

function sessionIn(body: unknown): string {
  if (typeof body === 'object' && body !== null && 'session' in body && typeof body.session === 'string')
    return body.session
  throw new TypeError('The log-in was answered without a session')
}
