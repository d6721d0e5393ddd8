import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { finished } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { noteSent } from '@bazaar/shared/testing/sent-problems'
import { freePort } from '@bazaar/shared/testing/service'
import { until } from '@bazaar/shared/testing/until'
import { type Plant, planted } from '../../plants/plant.ts'
import { environments, type ServiceName } from '../system/stack.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const READY_WITHIN_MS = 60_000
const STOP_WITHIN_MS = 15_000

/** A service of the stack with something removed, beside the one that has it; it writes its log into the folder. */
export async function startPlanted(
  service: ServiceName,
  options: { plants: readonly Plant[]; logsFolder: string },
): Promise<{ url: string; stop: () => Promise<void> }> {
  const port = await freePort()
  const { arguments: preload, environment } = planted(options.plants)
  const child = spawn(process.execPath, [...preload, 'src/main.ts'], {
    cwd: join(root, 'services', service),
    env: { ...process.env, ...environments[service], ...environment, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const file = join(options.logsFolder, `${service}.log`)
  const log = createWriteStream(file)
  // Whichever ends first must not end the log for the other.
  child.stdout.pipe(log, { end: false })
  child.stderr.pipe(log, { end: false })
  const ended = once(child, 'close')
  const url = `http://127.0.0.1:${port}`
  try {
    await until(`the planted ${service} is ready`, () => isReady(child, url), READY_WITHIN_MS)
  } catch (error) {
    await stop()
    throw error
  }
  return { url, stop }

  /** Ends it, and waits until all that it wrote is in the log: a process is gone before its last lines are read. */
  async function stop(): Promise<void> {
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS)
    await ended
    clearTimeout(timer)
    log.end()
    await finished(log)
    for (const line of (await readFile(file, 'utf8')).split('\n')) noteSent(line)
  }
}

async function isReady(child: ChildProcess, url: string): Promise<boolean> {
  if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}: its plants may not fit`)
  try {
    return (await fetch(`${url}/health/ready`)).status === 200
  } catch {
    // Not yet listening.
    return false
  }
}
