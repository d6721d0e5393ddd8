import { randomUUID } from 'node:crypto'
import { link, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import { type Static, Type } from '@sinclair/typebox'
import { readJson, writeJson } from '../json-file.ts'
import type { StackPaths } from '../paths.ts'
import { codeOf, StackError } from '../stack-error.ts'
import { isRunning, startOf } from './process-table.ts'

/** The name of the supervisor's own record in the run folder. */
export const SUPERVISOR_RECORD = 'supervisor.json'

const RACE_SETTLES_MS = 50

const supervisorRecord = Type.Object({
  pid: Type.Integer(),
  startedAt: Type.String(),
  id: Type.String(),
  /** The addresses of the services, once they are decided. */
  urls: Type.Record(Type.String(), Type.String()),
  readyAt: Type.Optional(Type.String()),
})

/** The process that runs a stack. */
export type SupervisorRecord = Static<typeof supervisorRecord>

/** The right to run a stack, held by one process at a time. */
export type SupervisorLock = {
  publish: (shown: { urls: Record<string, string>; readyAt?: string }) => Promise<void>
  release: () => Promise<void>
}

/** Another process already runs the stack. */
export class AlreadyRunning extends StackError {
  readonly supervisor: SupervisorRecord

  constructor(name: string, supervisor: SupervisorRecord) {
    super(`The stack "${name}" is already running (process ${supervisor.pid}).`)
    this.supervisor = supervisor
  }
}

/** The process that runs the stack now, or undefined. */
export async function findSupervisor(paths: StackPaths): Promise<SupervisorRecord | undefined> {
  const record = await readJson(join(paths.run, SUPERVISOR_RECORD), supervisorRecord)
  return record && (await isRunning(record)) ? record : undefined
}

/**
 * Takes the right to run the stack; the record of a dead supervisor is no obstacle.
 * @throws {AlreadyRunning} when a living process holds it.
 */
export async function takeSupervisorLock(paths: StackPaths): Promise<SupervisorLock> {
  await mkdir(paths.run, { recursive: true })
  const path = join(paths.run, SUPERVISOR_RECORD)
  const mine: SupervisorRecord = {
    pid: process.pid,
    startedAt: (await startOf(process.pid)) ?? '',
    id: randomUUID(),
    urls: {},
  }
  if (!(await placeRecord(path, mine))) {
    const holder = await findSupervisor(paths)
    if (holder) throw new AlreadyRunning(paths.name, holder)
    await rm(path, { force: true })
    await placeRecord(path, mine)
    // If several found the same dead record, each may have removed another's new one: the last one placed wins.
    await delay(RACE_SETTLES_MS)
  }
  const winner = await readJson(path, supervisorRecord)
  if (winner && winner.id !== mine.id) throw new AlreadyRunning(paths.name, winner)
  return {
    publish: (shown) => writeJson(path, { ...mine, ...shown }),
    release: () => rm(path, { force: true }),
  }
}

/** Places the complete record, unless there is one: a hard link to a finished file either succeeds or does not. */
async function placeRecord(path: string, record: SupervisorRecord): Promise<boolean> {
  const draft = `${path}.${record.id}`
  await writeFile(draft, JSON.stringify(record))
  try {
    await link(draft, path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}
