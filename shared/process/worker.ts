import type { Log } from '../telemetry/log.ts'

/** Work that runs in the background again and again. */
export type Worker = { wake: () => void; stop: () => Promise<void> }

/**
 * Runs `round` at once or after `firstAfterMs`, then every `everyMs`, and whenever it is woken or a round says that
 * there may be more to do. A failed round is logged and tried again later, so the work must be safe to repeat.
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
  let stopping = false
  let woken = false
  let rouse: () => void = () => undefined
  const finished = loop()

  async function loop(): Promise<void> {
    if (firstAfterMs !== undefined) await pause(firstAfterMs)
    while (!stopping) {
      woken = false
      const outcome = await round().catch((error: unknown) => {
        log.warn({ error, worker: name }, 'a round of background work failed')
        return 'done' as const
      })
      if (outcome === 'done' && !woken && !stopping) await pause(everyMs)
    }
  }

  async function pause(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>((resolve) => {
      rouse = resolve
      timer = setTimeout(resolve, ms)
    })
    clearTimeout(timer)
  }

  return {
    wake() {
      woken = true
      rouse()
    },
    async stop() {
      stopping = true
      rouse()
      await finished
    },
  }
}
