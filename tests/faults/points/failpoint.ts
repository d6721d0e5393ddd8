import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'

/*
 * A failpoint is a named place in the source of a service where a test can make something happen, exactly there.
 * Comments name the places, calls are planted there while a process loads its source (points.ts); here is what a process does when it comes by.
 * A point is armed by a file in a folder that all processes know: who renames it first has it.
 */

/** What happens to the process that comes by. */
export type FailpointAction =
  /** `kill -9` of itself, now or when what it has just sent may have arrived. */
  | { do: 'kill'; afterMs?: number }
  /** SIGSTOP of itself, until a test resumes it. */
  | { do: 'stop' }
  /** An error as of a connection that broke. */
  | { do: 'throw' }
  /** Nothing else runs in the process for so long. */
  | { do: 'spin'; forMs: number }
  /** Waits there until the test lets it go on. */
  | { do: 'hold' }

/** The variables that tell a process where points are armed, and as which service it comes by. */
export const FAILPOINTS_VARIABLE = 'BAZAAR_TEST_FAILPOINTS'
export const FAILPOINTS_SERVICE_VARIABLE = 'BAZAAR_TEST_FAILPOINTS_SERVICE'

const POLL_MS = 10

/** Comes by the point of that name. Called only from planted source. */
export async function failpoint(name: string): Promise<void> {
  const folder = process.env[FAILPOINTS_VARIABLE] ?? ''
  const armed = `${process.env[FAILPOINTS_SERVICE_VARIABLE]}.${name}`
  const path = join(folder, armed)
  if (!existsSync(path)) return
  // The same process may come by more than once.
  const taken = join(folder, 'taken', `${armed}.${process.pid}.${randomUUID()}`)
  try {
    renameSync(path, taken)
  } catch {
    // Somebody else came by first.
    return
  }
  const action: FailpointAction = JSON.parse(readFileSync(taken, 'utf8'))
  switch (action.do) {
    case 'kill':
      if (action.afterMs !== undefined) await delay(action.afterMs)
      process.kill(process.pid, 'SIGKILL')
      // The signal may take a moment, in which nothing more may be done.
      return await new Promise(() => undefined)
    case 'stop':
      process.kill(process.pid, 'SIGSTOP')
      return
    case 'throw':
      throw Object.assign(new Error(`thrown at ${name}`), { code: 'ECONNRESET' })
    case 'spin':
      for (const until = performance.now() + action.forMs; performance.now() < until; );
      return
    case 'hold':
      while (existsSync(taken)) await delay(POLL_MS)
  }
}

/** A point that waits for somebody to come by. */
export type ArmedPoint = {
  /** The process that came by, once one has. */
  taken: () => number | undefined
  /** Lets a process go on that is held there. */
  release: () => void
  /** Nobody is to be caught any more. False when somebody was. */
  disarm: () => boolean
}

/** The points of a cluster's processes. */
export type Failpoints = {
  folder: string
  /** The next process of the service that comes by the point does this, and only that one. */
  arm: (point: { service: string; name: string }, action: FailpointAction) => ArmedPoint
}

/** Where the points of a cluster are armed. */
export function createFailpoints(folder: string): Failpoints {
  mkdirSync(join(folder, 'taken'), { recursive: true })
  return {
    folder,
    arm({ service, name }, action) {
      const armed = `${service}.${name}`
      const path = join(folder, armed)
      // Two that wait at one point would be one file.
      if (existsSync(path)) throw new Error(`Cannot arm ${armed}: it is armed already`)
      const earlier = new Set(takenOf(armed))
      writeFileSync(`${path}.new`, JSON.stringify(action))
      renameSync(`${path}.new`, path)
      const mine = () => takenOf(armed).find((file) => !earlier.has(file))
      return {
        taken() {
          const file = mine()
          return file === undefined ? undefined : Number.parseInt(file.slice(armed.length + 1), 10)
        },
        release() {
          const file = mine()
          if (file !== undefined) rmSync(join(folder, 'taken', file), { force: true })
        },
        disarm() {
          rmSync(path, { force: true })
          return mine() === undefined
        },
      }
    },
  }

  function takenOf(armed: string): string[] {
    return readdirSync(join(folder, 'taken')).filter((file) => file.startsWith(`${armed}.`))
  }
}
