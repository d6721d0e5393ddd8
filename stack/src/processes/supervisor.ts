import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { StackPaths } from '../paths.ts'
import { messageOf, StackError } from '../stack-error.ts'
import { type GuardedProcess, logPath, type ServerSpec, startGuarded } from './guarded-process.ts'

const RESTARTS: Restarts = { delayMs: { first: 500, max: 30_000 }, before: () => Promise.resolve() }
const HEALTHY_AFTER_MS = 60_000
const PROBE_EVERY_MS = 50
const LOG_TAIL_LINES = 12

/** An event of a server that was once ready, and how it ended when it was stopped. */
export type SupervisorEvent =
  | { kind: 'ended'; name: string; exit: string; restartInMs: number }
  | { kind: 'back'; name: string; afterMs: number }
  | { kind: 'stopped'; name: string; exit: string }

/** How a server that ended is started again. */
export type Restarts = {
  /** The wait before it, twice as long each time up to `max`. */
  delayMs: { first: number; max: number }
  /** Work to do first; the server stays down until it is done. */
  before: (name: string) => Promise<void>
}

/** A server that is started again whenever it ends. */
export type Supervised = {
  name: string
  /** The milliseconds from its start until it was first ready. Rejects when it never was. */
  ready: Promise<number>
  /** Its process now, or undefined between an end and the next start. */
  pid: () => number | undefined
  stop: () => Promise<void>
}

/**
 * Runs a server until it is told to stop. If it ends after having been ready, it is started again: after half a
 * second at first, twice as long each time up to half a minute, and quickly again after a healthy minute.
 */
export function supervise(
  spec: ServerSpec,
  options: { paths: StackPaths; onEvent: (event: SupervisorEvent) => void; restarts?: Restarts },
): Supervised {
  const { restarts = RESTARTS } = options
  const firstReady = Promise.withResolvers<number>()
  const stopping = new AbortController()
  let current: GuardedProcess | undefined
  const finished = keepRunning().catch((error: unknown) => firstReady.reject(error))
  // Code that awaits `ready` hears of a failure; nobody has to await it.
  firstReady.promise.catch(() => undefined)

  async function keepRunning(): Promise<void> {
    let restartInMs = restarts.delayMs.first
    let wasReady = false
    const onReady = (afterMs: number) => {
      if (wasReady) options.onEvent({ kind: 'back', name: spec.name, afterMs })
      else firstReady.resolve(afterMs)
      wasReady = true
    }
    while (!stopping.signal.aborted) {
      const startedAt = performance.now()
      const exit = await runOnce({ startedAt, limited: !wasReady, onReady }).catch((error: unknown) => {
        // Nobody waits any more for a server that was once ready; it is tried again until it starts.
        if (wasReady) return messageOf(error)
        throw error
      })
      if (stopping.signal.aborted) {
        options.onEvent({ kind: 'stopped', name: spec.name, exit })
        break
      }
      if (!wasReady) throw await startFailure(spec, options.paths, exit)
      if (performance.now() - startedAt > HEALTHY_AFTER_MS) restartInMs = restarts.delayMs.first
      options.onEvent({ kind: 'ended', name: spec.name, exit, restartInMs })
      await pause(restartInMs, stopping.signal)
      await Promise.race([restarts.before(spec.name), aborted(stopping.signal)])
      restartInMs = nextDelayMs(restartInMs, restarts.delayMs.max)
    }
    firstReady.reject(new StackError(`${spec.name} was stopped.`))
  }

  /** From the start of a process to its end. */
  async function runOnce(run: {
    startedAt: number
    limited: boolean
    onReady: (afterMs: number) => void
  }): Promise<string> {
    const running = await startGuarded(spec, options.paths)
    current = running
    if (stopping.signal.aborted) await running.stop()
    const readyMs = await untilReady(spec, { running, paths: options.paths, ...run })
    if (readyMs !== undefined) run.onReady(readyMs)
    const exit = await running.exited
    current = undefined
    return exit
  }

  return {
    name: spec.name,
    ready: firstReady.promise,
    pid: () => current?.pid,
    async stop() {
      stopping.abort()
      await current?.stop()
      await finished
    },
  }
}

/** The wait before the restart after the next one. */
export function nextDelayMs(delayMs: number, maxMs = RESTARTS.delayMs.max): number {
  return Math.min(delayMs * 2, maxMs)
}

/** The time the server took to be ready, or undefined when it ended before that. */
async function untilReady(
  spec: ServerSpec,
  options: { running: GuardedProcess; paths: StackPaths; startedAt: number; limited: boolean },
): Promise<number | undefined> {
  const { running, startedAt, limited } = options
  let ended = false
  const exited = running.exited.then(() => {
    ended = true
  })
  while (!ended) {
    if (await Promise.race([spec.probe(), exited.then(() => false)])) return performance.now() - startedAt
    if (limited && performance.now() - startedAt > spec.readyWithinMs) {
      await running.stop()
      throw await startFailure(spec, options.paths, `not ready within ${spec.readyWithinMs / 1000} s`)
    }
    await Promise.race([delay(PROBE_EVERY_MS), exited])
  }
  return undefined
}

async function startFailure(spec: ServerSpec, paths: StackPaths, exit: string): Promise<StackError> {
  const path = logPath(paths, spec.name)
  const tail = (await readFile(path, 'utf8')).trimEnd().split('\n').slice(-LOG_TAIL_LINES)
  return new StackError(
    `Cannot start ${spec.name} (${exit}). The last lines of ${path}:\n${tail.map((line) => `  ${line}`).join('\n')}`,
  )
}

/** Waits, but no longer than until the signal. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return delay(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}

/** Until the signal. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
