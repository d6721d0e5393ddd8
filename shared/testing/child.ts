import { type ChildProcess, spawn } from 'node:child_process'

/** Makes sure that a process does not outlive us, however we end. */
export function endWithUs(child: ChildProcess): void {
  const guardian = afterUs('kill -9 "$0"', String(child.pid))
  child.once('exit', () => guardian.kill('SIGKILL'))
}

/**
 * A shell that runs a script when this process ends, in whatever way: Bun runs no exit handlers after tests. It waits
 * until the other end of its input, which only we hold, is closed; closing it earlier runs the script now.
 */
export function afterUs(script: string, ...args: string[]): ChildProcess {
  const shell = spawn('/bin/sh', ['-c', `read -r _; ${script}`, ...args], {
    // Ctrl-C ends every process of a terminal, but must not end the one that cleans up afterwards.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  shell.unref()
  return shell
}
