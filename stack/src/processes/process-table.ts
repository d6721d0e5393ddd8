import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { promisify } from 'node:util'
import { codeOf } from '../stack-error.ts'

/*
 * A process id alone says little, because after a crash the same number may belong to any process. So a process is
 * recognised by its id together with the time it was started.
 */

const run = promisify(execFile)

/** A process as it is recorded in a file. */
export type KnownProcess = { pid: number; startedAt: string }

/** The time the process was started, in the system's own words, or undefined when there is none (any more). */
export async function startOf(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return await askPs(pid, 'lstart=')
  const fields = await procStat(pid)
  const state = fields?.[0]
  // A zombie has ended; only its parent has not noticed yet.
  return state === undefined || state === 'Z' || state === 'X' ? undefined : fields?.[19]
}

/** Whether the recorded process is still running. */
export async function isRunning(known: KnownProcess): Promise<boolean> {
  return (await startOf(known.pid)) === known.startedAt
}

/** The memory that the process holds now, or undefined when there is no such process. */
export async function residentBytes(pid: number): Promise<number | undefined> {
  if (process.platform !== 'linux') {
    const kibibytes = await askPs(pid, 'rss=')
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024
  }
  const status = await readIfThere(`/proc/${pid}/status`)
  const kibibytes = status?.match(/^VmRSS:\s+(\d+) kB$/m)?.[1]
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024
}

/** Sends a signal; false when no process (or group, for a negative id) took it. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name)
  } catch (error) {
    if (codeOf(error) === 'ESRCH' || codeOf(error) === 'EPERM') return false
    throw error
  }
}

/** The fields of `/proc/<pid>/stat` from the state on; the name before it may contain spaces and brackets. */
async function procStat(pid: number): Promise<string[] | undefined> {
  const text = await readIfThere(`/proc/${pid}/stat`)
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ESRCH') return undefined
    throw error
  }
}

async function askPs(pid: number, column: string): Promise<string | undefined> {
  try {
    const { stdout } = await run('ps', ['-o', column, '-p', String(pid)])
    return stdout.trim() || undefined
  } catch (error) {
    // ps exits with 1 when it knows no such process.
    if (error instanceof Error && Reflect.get(error, 'code') === 1) return undefined
    throw error
  }
}
