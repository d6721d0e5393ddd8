import { copyFile, readdir, rm, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { codeOf } from '../stack-error.ts'

const LOG_BYTES_MAX = 20 * 1024 * 1024
const LOOK_EVERY_MS = 5_000

/** Keeps the logs in a folder within their bound until the signal; see `rotateLogs()`. */
export async function keepLogsBounded(folder: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await rotateLogs(folder, LOG_BYTES_MAX)
    await delay(LOOK_EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined)
  }
}

/**
 * Copies each log that has grown beyond the bound to `….log.1`, replacing the copy before it, and empties it. The
 * process goes on appending to the same file; a line written between the two steps is lost. If there is no room for
 * the copy, there is none.
 */
export async function rotateLogs(folder: string, bytesMax: number): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.log'))
  for (const path of names.map((name) => join(folder, name))) {
    if ((await stat(path)).size <= bytesMax) continue
    const aside = `${path}.1`
    await rm(aside, { force: true })
    try {
      await copyFile(path, aside)
    } catch (error) {
      if (codeOf(error) !== 'ENOSPC') throw error
      await rm(aside, { force: true })
    }
    await truncate(path)
  }
}
