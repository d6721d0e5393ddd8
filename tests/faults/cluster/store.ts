import { signal } from '@bazaar/stack/processes/process-table'
import { createGate, type Gate } from './gate.ts'

/** The private servers of a cluster. */
export const STORES = ['database', 'redis', 'rabbitmq'] as const
/** One of them. */
export type StoreName = (typeof STORES)[number]

/** A store of a cluster: a real server, started again a moment after it ended. */
export type Store = {
  name: StoreName
  pid: () => number | undefined
  /** `kill -9`. */
  kill: () => void
  /** SIGSTOP, until `resume`. */
  pause: () => void
  resume: () => void
  /** SIGTERM. */
  end: () => void
  /** Keeps it from being started again until the function that is returned is called. */
  keepDown: () => () => void
  gate: Gate
  /** Whether the tests asked for its present end; asked once, it is forgotten. */
  isEndAsked: () => boolean
}

/** The handle to a store whose process id can be asked for. */
export function storeOf(name: StoreName, pid: () => number | undefined): Store {
  const gate = createGate()
  let isAsked = false
  const send = (what: NodeJS.Signals) => {
    const present = pid()
    if (present !== undefined) signal(present, what)
  }
  const end = (what: NodeJS.Signals) => () => {
    isAsked = true
    send(what)
  }
  return {
    name,
    pid,
    kill: end('SIGKILL'),
    pause: () => send('SIGSTOP'),
    resume: () => send('SIGCONT'),
    end: end('SIGTERM'),
    keepDown: gate.close,
    gate,
    isEndAsked() {
      const asked = isAsked
      isAsked = false
      return asked
    },
  }
}
