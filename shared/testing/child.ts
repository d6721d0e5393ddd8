import { type ChildProcess, spawn } from 'node:child_process'

/** Sees to it that a process does not outlive us, however we end. */
export function endWithUs(child: ChildProcess): void {
  const guardian = afterUs('kill -9 "$0"', String(child.pid))
  child.once('exit', () => guardian.kill('SIGKILL'))
}

/**
 * A shell that runs a script when this process ends, however that is: Bun runs no exit handlers after tests. It
 * waits for the other end of its input, which only we hold, to be closed; who closes it has the script run now.
 */
export function afterUs(script: string, ...args: string[]): ChildProcess {
  const shell = spawn('/bin/sh', ['-c', `read -r _; ${script}`, ...args], {
    // Ctrl-C ends all of a terminal, but not who is to clean up after it.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  shell.unref()
  return shell
}
