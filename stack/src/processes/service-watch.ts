import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SERVICES } from '../servers/databases.ts'
import type { Stack } from '../stack.ts'
import { STORE_PROCESSES } from './fleet.ts'
import { isRunning, type KnownProcess, startOf } from './process-table.ts'
import type { SupervisorEvent } from './supervisor.ts'

/** Notices faults of a stack's processes while tests look elsewhere. */
export type ServiceWatch = {
  onEvent: (event: SupervisorEvent) => void
  /** All faults so far, in words. */
  faults: readonly string[]
}

type NamedProcess = KnownProcess & { name: string }

/** A service that is asked to stop answers the requests in hand and exits with status 0. */
const STOPPED_WELL = 'exit status 0'

/** Records a fault when a process ends unasked, or when a service ends badly after being asked. */
export function watchServices(): ServiceWatch {
  const faults: string[] = []
  return {
    faults,
    onEvent(event) {
      const isService = SERVICES.some((service) => service === event.name)
      if (event.kind === 'ended') faults.push(`${event.name} ended though nobody asked: ${event.exit}.`)
      if (event.kind === 'stopped' && isService && event.exit !== STOPPED_WELL) {
        faults.push(`${event.name} did not end well when it was asked to: ${event.exit}.`)
      }
    },
  }
}

/** How a runtime begins a warning, on a line of its own; what services log is JSON. */
const WARNING = /^\(\w+:\d+\) (?:\[\w+\] )?(?<warning>\w*Warning: .*)/gm

/**
 * The warnings of the runtime that services have in their logs, each once and in words: of a time-out that is negative,
 * of listeners that are never removed, of what will be gone from the next version. Healthy services cause none.
 */
export async function warningsIn(logsFolder: string): Promise<string[]> {
  const names = (await readdir(logsFolder)).filter((name) =>
    SERVICES.some((service) => isLogOf(service, name)),
  )
  const found = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(logsFolder, name), 'utf8')
      return [...text.matchAll(WARNING)].map(({ groups }) => `${name}: ${groups?.['warning']}`)
    }),
  )
  return [...new Set(found.flat())]
}

/** Whether a file is the log of a service, or the part of it that was put aside. */
function isLogOf(service: string, name: string): boolean {
  return name === `${service}.log` || name === `${service}.log.1`
}

/** The processes of a running stack, to look for once it is gone. */
export async function processesOf(stack: Stack): Promise<NamedProcess[]> {
  const found = await Promise.all(
    [...SERVICES, ...STORE_PROCESSES].map(async (name) => {
      const pid = stack.pid(name)
      const startedAt = pid === undefined ? undefined : await startOf(pid)
      return pid === undefined || startedAt === undefined ? [] : [{ name, pid, startedAt }]
    }),
  )
  return found.flat()
}

/** The processes that still exist, in words. */
export async function orphansOf(processes: readonly NamedProcess[]): Promise<string[]> {
  const running = await Promise.all(processes.map((known) => isRunning(known)))
  return processes
    .filter((_, index) => running[index])
    .map(({ name, pid }) => `${name} is still running as process ${pid}.`)
}
