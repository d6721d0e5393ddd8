import { spawn } from 'node:child_process'
import { open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Type } from '@sinclair/typebox'
import { writeJson } from '../json-file.ts'
import type { StackPaths } from '../paths.ts'
import { inRoot } from '../programs/server-root.ts'
import { codeOf, StackError } from '../stack-error.ts'
import { signal, startOf } from './process-table.ts'

const GUARDIAN = fileURLToPath(new URL('guardian.sh', import.meta.url))
const PID_FILE_WITHIN_MS = 5_000
const PID_FILE_POLL_MS = 5
const RECORD_AGAIN_AFTER_MS = 1_000
/** The extra time, beyond the server's own, that the guardian may take to end it. */
const GUARDIAN_MARGIN_MS = 3_000

/** A program to run, and the check that it works. */
export type ServerSpec = {
  name: string
  command: readonly [string, ...string[]]
  /** The root in which the program is installed, if that is not this machine's own. */
  root?: string | undefined
  folder: string
  environment: Record<string, string | undefined>
  /** The time it may take to stop when asked, before it is killed. */
  graceSeconds: number
  /** Whether it works now. */
  probe: () => Promise<boolean>
  readyWithinMs: number
}

/** How a process ended, in words. */
export type Exit = string

/** A server that cannot outlive this process. */
export type GuardedProcess = {
  pid: number
  exited: Promise<Exit>
  /** Asks it to stop, waits, and kills it if it does not. */
  stop: () => Promise<void>
}

const knownProcess = Type.Object({ pid: Type.Integer(), startedAt: Type.String() })

/** The record of a running server, for a later process after a crash. */
export const runRecord = Type.Object({
  name: Type.String(),
  graceSeconds: Type.Integer(),
  guardian: knownProcess,
  server: knownProcess,
})

/** Where the log of a process is. */
export function logPath(paths: StackPaths, name: string): string {
  return join(paths.logs, `${name}.log`)
}

/** Starts a server under a guardian that ends it as soon as this process stops or dies, for whatever cause. */
export async function startGuarded(spec: ServerSpec, paths: StackPaths): Promise<GuardedProcess> {
  const pidPath = join(paths.run, `${spec.name}.pid`)
  await rm(pidPath, { force: true })
  // Opened for appending, so that it can be emptied while the server runs.
  const log = await open(logPath(paths, spec.name), 'a', 0o640)
  const command = inRoot(spec.root, spec)
  // A session of its own, so that a terminal's Ctrl-C reaches only the supervisor, which stops things in order.
  const guardian = spawn('/bin/sh', [GUARDIAN, pidPath, String(spec.graceSeconds), ...command], {
    cwd: spec.folder,
    env: spec.environment,
    detached: true,
    stdio: ['pipe', log.fd, log.fd],
  })
  const exited = Promise.withResolvers<Exit>()
  const guardianPid = guardian.pid
  guardian.once('error', (error) => exited.reject(error))
  guardian.once('exit', (code, signalName) => {
    if (guardianPid !== undefined) signal(-guardianPid, 'SIGKILL')
    exited.resolve(describeExit(code, signalName))
  })
  await log.close()
  if (guardianPid === undefined) throw new StackError(`Cannot start ${spec.name}: no process was made.`)

  const stop = async () => {
    guardian.stdin?.destroy()
    const patience = new AbortController()
    const limitMs = spec.graceSeconds * 1000 + GUARDIAN_MARGIN_MS
    const tooLong = delay(limitMs, 'too long' as const, { signal: patience.signal }).catch(() => undefined)
    if ((await Promise.race([exited.promise, tooLong])) === 'too long') signal(-guardianPid, 'SIGKILL')
    patience.abort()
    await exited.promise
    await rm(recordPath(paths, spec.name), { force: true })
  }
  try {
    const server = await Promise.race([readPid(pidPath), exited.promise.then(() => undefined)])
    if (server !== undefined) await record(spec, { paths, guardian: guardianPid, server })
    return { pid: server ?? guardianPid, exited: exited.promise, stop }
  } catch (error) {
    // Otherwise nobody would know that it runs.
    await stop()
    throw error
  }
}

/** Where the record of a running server is. */
export function recordPath(paths: StackPaths, name: string): string {
  return join(paths.run, `${name}.json`)
}

/**
 * Records which processes these are. A working server is not given up because there is no room for the record:
 * writing it is tried again for as long as the server runs.
 */
async function record(
  spec: ServerSpec,
  { paths, guardian, server }: { paths: StackPaths; guardian: number; server: number },
): Promise<void> {
  const [guardianStart, serverStart] = await Promise.all([startOf(guardian), startOf(server)])
  if (guardianStart === undefined || serverStart === undefined) return
  try {
    await writeJson(recordPath(paths, spec.name), {
      name: spec.name,
      graceSeconds: spec.graceSeconds,
      guardian: { pid: guardian, startedAt: guardianStart },
      server: { pid: server, startedAt: serverStart },
    })
  } catch (error) {
    if (codeOf(error) === undefined) throw error
    setTimeout(() => void record(spec, { paths, guardian, server }), RECORD_AGAIN_AFTER_MS).unref()
  }
}

async function readPid(path: string): Promise<number> {
  const giveUpAt = performance.now() + PID_FILE_WITHIN_MS
  while (performance.now() < giveUpAt) {
    try {
      return Number(await readFile(path, 'utf8'))
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error
    }
    await delay(PID_FILE_POLL_MS)
  }
  throw new StackError(`Cannot start a server: its guardian wrote no ${path}.`)
}

function describeExit(code: number | null, signalName: string | null): Exit {
  if (signalName) return `its guardian was ended by ${signalName}`
  if (code !== null && code > 128) return `ended by signal ${code - 128}`
  return `exit status ${code}`
}
