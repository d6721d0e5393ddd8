import { setTimeout as delay } from 'node:timers/promises'
import { defaultStackName, stackPaths } from '../paths.ts'
import { AlreadyRunning, findSupervisor } from '../processes/supervisor-lock.ts'
import { type Progress, showProgress } from '../progress.ts'
import { SERVICES } from '../servers/databases.ts'
import { migrateDatabases } from '../servers/migrations.ts'
import { serviceUrl } from '../services/services.ts'
import { startStack } from '../stack.ts'
import { findRunningStack, stillStarting } from './running-stack.ts'

/** The longest that a start may take on a busy machine, with the data of the demo. */
const TURN_WITHIN_MS = 600_000
const POLL_MS = 200

/** `./bazaar seed`: loads demo data into the running stack. */
export async function seed(): Promise<number> {
  const { wiring } = await findRunningStack(stackPaths(defaultStackName()))
  await showProgress().step('Load demo data', async (note) => {
    const { seedDemoData } = await import('../seed.ts')
    await seedDemoData({
      userUrl: serviceUrl(wiring.servicePorts, 'user'),
      inventoryUrl: serviceUrl(wiring.servicePorts, 'inventory'),
      log: note,
    })
  })
  return 0
}

/**
 * `./bazaar migrate`: brings the databases up to date, beside the running stack or without one. While the stack is still
 * starting, or another of these commands runs, it waits for its turn.
 */
export async function migrate(): Promise<number> {
  const paths = stackPaths(defaultStackName())
  const progress = showProgress()
  const giveUpAt = performance.now() + TURN_WITHIN_MS
  while (performance.now() < giveUpAt) {
    const supervisor = await findSupervisor(paths)
    if (supervisor?.readyAt) {
      const { stores, wiring } = await findRunningStack(paths)
      await progress.step('Migrate the databases', () =>
        migrateDatabases(stores.database, { secrets: wiring.secrets, seen: {} }),
      )
      return 0
    }
    if (!supervisor && (await migrateAlone(paths.name, progress))) return 0
    await delay(POLL_MS)
  }
  throw stillStarting(paths.name)
}

/** Starts the stores alone, which does it, and stops them. Answers false if another process has begun to run the stack. */
async function migrateAlone(name: string, progress: Progress): Promise<boolean> {
  try {
    const stack = await startStack({ name, except: SERVICES, isBrief: true, progress })
    await stack.stop()
    return true
  } catch (error) {
    if (error instanceof AlreadyRunning) return false
    throw error
  }
}
