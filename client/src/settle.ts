import { problemOf } from './problem.ts'
import { pause } from './retry.ts'
import type { Answer } from './send.ts'

const PAUSE_MS = { first: 250, longest: 2_000 }
const PENDING_STATUS = 202

/**
 * Repeats a request under its key until it is no longer being worked on (202), or the time is up; then the last answer is
 * given as it is. A repetition is answered as the first request would have been, so a refusal is thrown here as well.
 */
export async function untilSettled(
  ask: () => Promise<Answer<unknown>>,
  { withinMs, signal }: { withinMs: number; signal: AbortSignal | undefined },
): Promise<Answer<unknown>> {
  const untilMs = performance.now() + withinMs
  let pending: Answer<unknown> | undefined
  for (let pauseMs = PAUSE_MS.first; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MS.longest)) {
    const isTimeUp = () => performance.now() + pauseMs > untilMs
    try {
      const answer = await ask()
      if (answer.status !== PENDING_STATUS) return answer
      pending = answer
    } catch (error) {
      if (!isInHand(error) || (!pending && isTimeUp())) throw error
    }
    if (pending && isTimeUp()) return pending
    await pause(pauseMs, signal)
  }
}

/** Whether the same request is being carried out for somebody who sent it before. */
function isInHand(error: unknown): boolean {
  return problemOf(error)?.code === 'idempotency-key-in-use'
}
