import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { basename } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { endWithUs } from './child.ts'
import { noteSent } from './sent-problems.ts'
import { until } from './until.ts'

/* Real services as child processes of a test. */

const READY_WITHIN_MS = 60_000
const STOP_WITHIN_MS = 15_000
const OUTPUT_LINES_MAX = 5_000

/** Below the ports that systems give to outgoing connections, so that none of those takes one in the meantime. */
const PORTS = { first: 20_000, count: 9_000, attemptsMax: 200 }

/** A port of this machine that nobody listens on now. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < PORTS.attemptsMax; attempt++) {
    const port = PORTS.first + randomInt(PORTS.count)
    if (await canListen(port)) return port
  }
  throw new Error('Cannot find a free port')
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

/** A service that runs as a process of its own. */
export type RunningService = {
  url: string
  port: number
  /** The lines it has written so far. */
  output: readonly string[]
  /** Its exit code, once it has ended by itself or by one of these. */
  ended: Promise<number | null>
  /** Ends it with SIGTERM and returns its exit code. */
  stop: () => Promise<number | null>
  /** Ends it with SIGKILL, as a crash would. */
  kill: () => Promise<void>
}

/**
 * Starts a service as a process and waits until it is ready, or only until it is live. It gets the given variables
 * and no others of ours; the default PORT is a free one.
 */
export async function startService(
  service: string,
  environment: Record<string, string>,
  awaited: 'ready' | 'live' = 'ready',
): Promise<RunningService> {
  return await startProgram(`services/${service}`, environment, awaited)
}

/** Starts the program in that folder of the repository in the same way as `startService`. */
export async function startProgram(
  folder: string,
  environment: Record<string, string>,
  awaited: 'ready' | 'live' = 'ready',
): Promise<RunningService> {
  const service = basename(folder)
  const port = Number(environment['PORT'] ?? (await freePort()))
  const main = fileURLToPath(new URL(`../../${folder}/src/main.ts`, import.meta.url))
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env['PATH'], ENVIRONMENT: 'test', ...environment, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      noteSent(line)
      if (output.push(line) > OUTPUT_LINES_MAX) output.shift()
    })
  }
  const ended = once(child, 'close').then(() => child.exitCode)
  endWithUs(child)

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal)
      const tooLong = delay(STOP_WITHIN_MS, 'too long' as const, { ref: false })
      if ((await Promise.race([ended, tooLong])) === 'too long') {
        child.kill('SIGKILL')
        throw new Error(`${service} did not stop within ${STOP_WITHIN_MS} ms:\n${output.join('\n')}`)
      }
    }
    return await ended
  }

  const url = `http://127.0.0.1:${port}`
  const running = {
    url,
    port,
    output,
    ended,
    stop: () => end('SIGTERM'),
    kill: async () => void (await end('SIGKILL')),
  }
  try {
    await until(
      `${service} is ${awaited}`,
      async () => {
        if (child.exitCode !== null) throw new Error(`${service} exited with ${child.exitCode}`)
        return answersOk(`${url}/health/${awaited}`)
      },
      READY_WITHIN_MS,
    )
  } catch (error) {
    await running.kill()
    throw new Error(`Cannot start ${service}:\n${output.join('\n')}`, { cause: error })
  }
  return running
}

async function answersOk(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) })
    await answer.body?.cancel()
    return answer.status === 200
  } catch {
    // Refused, cut or too slow: not yet, whatever the reason.
    return false
  }
}
