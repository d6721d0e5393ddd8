import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Static } from '@sinclair/typebox'
import { readJson } from '../json-file.ts'
import type { StackPaths } from '../paths.ts'
import { runRecord } from './guarded-process.ts'
import { isRunning, signal as sendSignal } from './process-table.ts'
import { SUPERVISOR_RECORD } from './supervisor-lock.ts'

type RunRecord = Static<typeof runRecord>

const POLL_MS = 50
/** The extra time, beyond its own, that a server may take to end before it is killed from here. */
const MARGIN_MS = 2_000

/**
 * Deals with the servers of a supervisor that was killed. Its guardians are ending them right now, so this waits for
 * them, until the signal; a server that still runs after its time is killed. Afterwards nothing of the old run
 * exists.
 */
export async function settleLeftovers(paths: StackPaths, signal?: AbortSignal): Promise<void> {
  const names = (await readdir(paths.run)).filter((name) => !name.startsWith(SUPERVISOR_RECORD))
  await Promise.all(
    names.map(async (name) => {
      const path = join(paths.run, name)
      const record = name.endsWith('.json') ? await readJson(path, runRecord) : undefined
      if (record) await settle(record, signal)
      await rm(path, { force: true })
    }),
  )
}

async function settle(record: RunRecord, signal: AbortSignal | undefined): Promise<void> {
  const giveUpAt = performance.now() + record.graceSeconds * 1000 + MARGIN_MS
  while (performance.now() < giveUpAt) {
    const guarded = await isRunning(record.guardian)
    const running = await isRunning(record.server)
    if (!guarded && !running) return
    // Without its guardian, nothing has asked the server to stop.
    if (!guarded) sendSignal(record.server.pid, 'SIGTERM')
    await delay(POLL_MS, undefined, { ...(signal && { signal }) })
  }
  for (const known of [record.guardian, record.server]) {
    if (await isRunning(known)) sendSignal(known.pid, 'SIGKILL')
  }
}
