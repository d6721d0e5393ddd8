import { spawn } from 'node:child_process'
import process from 'node:process'
import { StackError } from '../stack-error.ts'
import { signal as sendSignal } from './process-table.ts'

const SHOWN_LINES = 15
/** The time after which a process that was asked to end is killed. */
const INSIST_AFTER_MS = 1_000

/** Settings for running a command. */
export type QuietRun = {
  folder?: string
  environment?: Record<string, string | undefined>
  /** Ends the command and everything it has started. */
  signal?: AbortSignal
}

/**
 * Runs a command whose output is shown only when it fails. It has a session of its own, so that a terminal's Ctrl-C
 * reaches it only through the signal.
 * @throws {StackError} with the end of its output when it fails; or the signal's reason.
 */
export async function runQuietly(command: readonly string[], options: QuietRun = {}): Promise<void> {
  options.signal?.throwIfAborted()
  const [program = '', ...rest] = command
  const child = spawn(program, rest, {
    cwd: options.folder,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += String(chunk)
    })
  }
  let insist: NodeJS.Timeout | undefined
  const end = () => {
    const { pid } = child
    if (pid === undefined) return
    sendSignal(-pid, 'SIGTERM')
    insist = setTimeout(() => sendSignal(-pid, 'SIGKILL'), INSIST_AFTER_MS)
  }
  options.signal?.addEventListener('abort', end, { once: true })
  try {
    const status = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    })
    options.signal?.throwIfAborted()
    if (status !== 0)
      throw new StackError(`\`${command.join(' ')}\` failed with status ${status}:\n${lastLines(output)}`)
  } finally {
    options.signal?.removeEventListener('abort', end)
    clearTimeout(insist)
  }
}

function lastLines(output: string): string {
  return output.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n')
}
