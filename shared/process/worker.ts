import type { Log } from '../telemetry/log.ts'
import { createOutageLog } from '../telemetry/outage-log.ts'
import { createPause } from './deadline.ts'

/** Work that runs in the background again and again. */
export type Worker = {
  /** Makes the next round begin now. */
  wake: () => void
  /** Begins no more rounds, and waits for the one under way. */
  stop: () => Promise<void>
}

/**
 * Runs `round` at once or after `firstAfterMs`, then every `everyMs`, and whenever it is woken or a round says that
 * there may be more to do. A failed round is tried again later, so the work must be safe to repeat.
 */
export function startWorker(options: {
  name: string
  log: Log
  everyMs: number
  /** For work that a process which keeps restarting must not begin anew each time. */
  firstAfterMs?: number
  round: () => Promise<'more' | 'done'>
}): Worker {
  const { name, log, everyMs, firstAfterMs, round } = options
  const outage = createOutageLog(log, name)
  const pause = createPause()
  let stopping = false
  const finished = loop()

  async function loop(): Promise<void> {
    if (firstAfterMs !== undefined) await pause.wait(firstAfterMs)
    while (!stopping) {
      const outcome = await attempt()
      if (outcome === 'done' && !stopping) await pause.wait(everyMs)
    }
  }

  async function attempt(): Promise<'more' | 'done'> {
    try {
      const outcome = await round()
      outage.worked()
      return outcome
    } catch (error) {
      outage.failed(error)
      return 'done'
    }
  }

  return {
    wake: pause.end,
    async stop() {
      stopping = true
      pause.end()
      await finished
    },
  }
}
