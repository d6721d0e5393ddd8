import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import { startTcpProxy, type TcpProxy } from '@bazaar/shared/testing/tcp-proxy'
import { repositoryFolder, type StackPaths } from '@bazaar/stack/paths'
import { logPath } from '@bazaar/stack/processes/guarded-process'
import { signal } from '@bazaar/stack/processes/process-table'
import { supervise } from '@bazaar/stack/processes/supervisor'
import type { ServiceName } from '@bazaar/stack/servers/databases'
import { nowMs } from '../history/history.ts'
import { createGate } from './gate.ts'

/** How one process of a cluster ended. */
export type Exit = {
  name: string
  atMs: number
  /** In words: `exit status 0`, `ended by signal 9`. */
  how: string
  /** Whether the tests had asked for it: only they kill, and a service that is asked to stop leaves with status 0. */
  expected: boolean
}

/** One instance of a service, a real process, started again a moment after it ended. */
export type Member = {
  /** Such as `order-1`. */
  name: string
  service: ServiceName
  /** Where others reach it, through its proxy. */
  url: string
  proxy: TcpProxy
  /** Its process now; undefined between an end and the next start. */
  pid: () => number | undefined
  logPath: string
  isListening: () => Promise<boolean>
  /** Whether it is to be sent no new connections, because it is about to be stopped. */
  isLeaving: () => boolean
  /** `kill -9`. */
  kill: () => void
  /** SIGSTOP, until `resume`. */
  pause: () => void
  resume: () => void
  /** As a cluster ends a pod: no new connections, a moment later SIGTERM; returns when the process is gone. */
  leave: () => Promise<void>
  /** Keeps it from being started again until the function that is returned is called. */
  keepDown: () => () => void
  stop: () => Promise<void>
}

type Options = {
  name: string
  service: ServiceName
  paths: StackPaths
  /** What Bun is to run: its options and the file of the program. */
  program: readonly string[]
  environment: Readonly<Record<string, string>>
  port: number
  onExit: (exit: Exit) => void
}

const RESTART_MS = 300
/** How long a cluster goes on sending connections to a pod that is to end. */
const LEAVE_AFTER_MS = 1_000
const LEAVE_WITHIN_MS = 20_000

/** Starts an instance; returns when it listens. */
export async function startMember(options: Options): Promise<Member> {
  const { name, service, paths, port } = options
  const ownUrl = `http://127.0.0.1:${port}`
  const proxy = await startTcpProxy(ownUrl)
  const gate = createGate()
  /** The process that is told to stop; one that is just starting may be told as well. */
  let leaving: number | undefined
  /** The process that has listened, so that it hears what it is told. */
  let up: number | undefined
  const supervised = supervise(
    {
      name,
      command: [process.execPath, '--no-env-file', ...options.program],
      folder: join(repositoryFolder, 'services', service),
      environment: { ...process.env, ...options.environment, PORT: String(port) },
      graceSeconds: 15,
      probe: () => isListening(ownUrl),
      readyWithinMs: 120_000,
    },
    {
      paths,
      restarts: { delayMs: { first: RESTART_MS, max: RESTART_MS }, before: gate.pass },
      onEvent(event) {
        if (event.kind !== 'back')
          options.onExit({ name, atMs: nowMs(), how: event.exit, expected: isAsked(event) })
        else {
          up = supervised.pid()
          if (up !== leaving) leaving = undefined
        }
      },
    },
  )
  const send = (what: NodeJS.Signals) => {
    const pid = supervised.pid()
    if (pid !== undefined) signal(pid, what)
  }

  /**
   * Only tests send SIGKILL; status 0 is the right end of a process that was asked to stop, and 1 that of one whose
   * stores did not let it say goodbye in time. One that was still loading its source does not hear SIGTERM: it ends it.
   */
  function isAsked({ kind, exit }: { kind: 'ended' | 'stopped'; exit: string }): boolean {
    if (leaving !== undefined)
      return (
        ['exit status 0', 'exit status 1', 'ended by signal 9'].includes(exit) ||
        (exit === 'ended by signal 15' && leaving !== up)
      )
    return exit === 'ended by signal 9' || (exit === 'exit status 0' && kind === 'stopped')
  }

  await supervised.ready
  up = supervised.pid()
  return {
    name,
    service,
    url: `http://127.0.0.1:${proxy.port}`,
    proxy,
    pid: supervised.pid,
    logPath: logPath(paths, name),
    isListening: () => isListening(ownUrl),
    isLeaving: () => leaving !== undefined,
    kill: () => send('SIGKILL'),
    pause: () => send('SIGSTOP'),
    resume: () => send('SIGCONT'),
    async leave() {
      const told = supervised.pid()
      if (told === undefined) return
      leaving = told
      await delay(LEAVE_AFTER_MS)
      signal(told, 'SIGTERM')
      const giveUpAt = performance.now() + LEAVE_WITHIN_MS
      while (supervised.pid() === told && performance.now() < giveUpAt) await delay(20)
      if (supervised.pid() === told) throw new Error(`${name} did not stop when it was asked to`)
    },
    keepDown: gate.close,
    async stop() {
      send('SIGCONT')
      gate.open()
      await supervised.stop()
      await proxy.close()
    },
  }
}

async function isListening(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(1_000) })
    await answer.body?.cancel()
    return answer.status === 200
  } catch {
    // Refused or too slow: it does not listen yet.
    return false
  }
}
