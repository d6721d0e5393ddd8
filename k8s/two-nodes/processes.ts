import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import { endWithUs } from '@bazaar/shared/testing/child'

const POLL_EVERY_MS = 25
const READY_WITHIN_MS = 60_000
const LINES_MAX = 200

/** A process that serves something. */
export type Server = {
  pid: number
  /** Sends a signal and answers the exit status when it has ended. */
  end: (signal: 'SIGTERM' | 'SIGKILL') => Promise<number | null>
}

/** Starts a process and waits until `isReady`; it does not outlive this one. */
export async function startServer(
  command: readonly [string, ...string[]],
  options: { environment: Readonly<Record<string, string>>; isReady: () => Promise<boolean> },
): Promise<Server> {
  const [program, ...rest] = command
  const child = spawn(program, rest, {
    env: { PATH: process.env['PATH'], ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'close')
  endWithUs(child)
  const lines = lastLinesOf(child)
  const deadline = Date.now() + READY_WITHIN_MS
  while (!(await options.isReady())) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL')
      throw new Error(`Cannot start ${command.join(' ')}:\n${lines.join('\n')}`)
    }
    await delay(POLL_EVERY_MS)
  }
  return {
    pid: child.pid ?? 0,
    end: async (signal) => {
      child.kill(signal)
      await exited
      return child.exitCode
    },
  }
}

/** Whether a service on this machine or a node of it says that it is ready. */
export async function isReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(1_000) })
    await answer.body?.cancel()
    return answer.status === 200
  } catch {
    // Refused, cut or too slow: not ready, whatever the reason.
    return false
  }
}

function lastLinesOf(child: ChildProcess): string[] {
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      lines.push(...String(chunk).trimEnd().split('\n'))
      lines.splice(0, Math.max(0, lines.length - LINES_MAX))
    })
  }
  return lines
}
