import type { StackPaths } from '../paths.ts'
import type { Store } from '../programs/programs.ts'
import type { Progress } from '../progress.ts'
import { SERVICES } from '../servers/databases.ts'
import { StackError } from '../stack-error.ts'
import type { ServerSpec } from './guarded-process.ts'
import { type Restarts, type Supervised, type SupervisorEvent, supervise } from './supervisor.ts'

/** The private servers that are worth showing to a person. */
export const STORE_PROCESSES = ['database', 'redis', 'rabbitmq'] as const

/** The store that each of them is. */
export const STORE_OF = {
  database: 'mysql',
  redis: 'redis',
  rabbitmq: 'rabbitmq',
} as const satisfies Record<(typeof STORE_PROCESSES)[number], Store>

/** The servers that stop together; each row waits until the one before it is gone. */
const STOP_ORDER: readonly (readonly string[])[] = [
  ['shop'],
  SERVICES,
  ['rabbitmq'],
  ['epmd', 'redis'],
  ['database'],
]

/** All servers that one supervisor runs. */
export type Fleet = {
  /** Starts a server and keeps it running. */
  run: (spec: ServerSpec) => Supervised
  pid: (name: string) => number | undefined
  names: () => string[]
  /** Stops everything: services, then broker, Redis and database. Further calls return the same end. */
  stop: () => Promise<void>
}

/** An empty fleet. */
export function createFleet(options: {
  paths: StackPaths
  progress: Progress
  onEvent: (event: SupervisorEvent) => void
  restarts?: Restarts
}): Fleet {
  const members = new Map<string, Supervised>()
  let stopped: Promise<void> | undefined

  async function stopAll(): Promise<void> {
    for (const names of STOP_ORDER) {
      const group = names.flatMap((name) => members.get(name) ?? [])
      if (group.length === 0) continue
      await options.progress.step(`Stop ${group.map(({ name }) => name).join(', ')}`, () =>
        Promise.all(group.map((member) => member.stop())),
      )
    }
  }

  return {
    run(spec) {
      if (stopped) throw new StackError('Stopped before everything was started.')
      const member = supervise(spec, options)
      members.set(spec.name, member)
      return member
    },
    pid: (name) => members.get(name)?.pid(),
    names: () => [...members.keys()],
    stop() {
      stopped ??= stopAll()
      return stopped
    },
  }
}
