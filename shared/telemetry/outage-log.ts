import type { Log } from './log.ts'

/** Logs an outage of something that is tried again and again: its failures, and its recovery. */
export type OutageLog = { failed: (error: unknown) => void; worked: () => void }

const SILENCE_MS = 30_000

/**
 * Keeps a part that fails for hours, or that fails and recovers many times a second, down to a few log lines a
 * minute. `what` reads like `broker connection`.
 */
export function createOutageLog(log: Log, what: string): OutageLog {
  let failures = 0
  let since = 0
  let silentUntil = 0
  let announced = false

  return {
    failed(error) {
      if (failures++ === 0) since = Date.now()
      if (Date.now() < silentUntil) return
      silentUntil = Date.now() + SILENCE_MS
      announced = true
      log.warn({ error, failures }, `${what} does not work; it is tried again`)
    },
    worked() {
      if (announced) log.info({ failures, downMs: Date.now() - since }, `${what} works again`)
      announced = false
      failures = 0
    },
  }
}
