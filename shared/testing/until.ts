import { setTimeout as delay } from 'node:timers/promises'

const POLL_PAUSE_MS = 25
/** Far more than anything here takes: only a condition that never becomes true waits this long. */
const GIVE_UP_AFTER_MS = 40_000

/**
 * Waits until `check` returns something, asking again and again.
 * @throws {Error} naming `what` when that has not happened in time.
 */
export async function until<T>(
  what: string,
  check: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs = GIVE_UP_AFTER_MS,
): Promise<T> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const found = await check()
    if (found !== undefined && found !== false) return found
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain until ${what}`)
    await delay(POLL_PAUSE_MS)
  }
}
