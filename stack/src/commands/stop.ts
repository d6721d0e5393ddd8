import { setTimeout as delay } from 'node:timers/promises'
import { defaultStackName, stackPaths } from '../paths.ts'
import { isRunning, signal } from '../processes/process-table.ts'
import { findSupervisor } from '../processes/supervisor-lock.ts'
import { showProgress } from '../progress.ts'
import { StackError } from '../stack-error.ts'

const STOP_WITHIN_MS = 120_000
const POLL_MS = 100

/** `./bazaar stop`: stops the stack that another shell runs, and waits until it is gone. */
export async function stop(): Promise<number> {
  const paths = stackPaths(defaultStackName())
  const supervisor = await findSupervisor(paths)
  if (!supervisor) {
    console.log(`The stack "${paths.name}" is not running.`)
    return 0
  }
  await showProgress().step('Stop the stack', async () => {
    if (!signal(supervisor.pid, 'SIGTERM')) {
      throw new StackError(`Cannot stop process ${supervisor.pid}: it belongs to another user.`)
    }
    const giveUpAt = performance.now() + STOP_WITHIN_MS
    while (await isRunning(supervisor)) {
      if (performance.now() > giveUpAt)
        throw new StackError(`Process ${supervisor.pid} did not stop within ${STOP_WITHIN_MS / 1000} s.`)
      await delay(POLL_MS)
    }
  })
  return 0
}
