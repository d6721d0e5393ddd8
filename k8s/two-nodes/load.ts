import { setTimeout as delay } from 'node:timers/promises'

const CALLERS = 4
const PAUSE_MS = 250
const TIMEOUT_MS = 15_000

/** What became of the requests of one phase. */
export type Tally = { sent: number; failures: string[]; slowestMs: number }

/** Requests that go on whatever happens. */
export type Load = {
  /** The requests that began while `work` was done, all of them answered or given up. */
  during: (work: () => Promise<void>) => Promise<Tally>
  /** Waits until so many more requests have been sent, however long that takes here. */
  sends: (count: number) => Promise<void>
  stop: () => Promise<void>
}

/**
 * Asks again and again as four callers at once, so that a slow machine is asked less often. What is not answered 200 within
 * fifteen seconds has failed; nothing is sent a second time from here.
 */
export function startLoad(ask: (signal: AbortSignal) => Promise<Response>): Load {
  let tally = emptyTally()
  let running = true
  let total = 0
  const pending = new Set<Promise<void>>()

  async function send(into: Tally): Promise<void> {
    const startedAt = performance.now()
    into.sent++
    total++
    const failure = await failureOf()
    into.slowestMs = Math.max(into.slowestMs, Math.round(performance.now() - startedAt))
    if (failure) into.failures.push(failure)
  }

  async function failureOf(): Promise<string | undefined> {
    try {
      const answer = await ask(AbortSignal.timeout(TIMEOUT_MS))
      await answer.arrayBuffer()
      return answer.status === 200 ? undefined : String(answer.status)
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }

  async function call(): Promise<void> {
    while (running) {
      const sent = send(tally)
      pending.add(sent)
      await sent
      pending.delete(sent)
      await delay(PAUSE_MS)
    }
  }
  const callers = Array.from({ length: CALLERS }, call)

  return {
    async during(work) {
      const mine = emptyTally()
      tally = mine
      await work()
      tally = emptyTally()
      await Promise.all(pending)
      return mine
    },
    async sends(count) {
      const wanted = total + count
      while (total < wanted) await delay(PAUSE_MS)
    },
    async stop() {
      running = false
      await Promise.all(callers)
    },
  }
}

function emptyTally(): Tally {
  return { sent: 0, failures: [], slowestMs: 0 }
}
