import { defaultStackName, stackPaths } from '../paths.ts'
import { findSupervisor } from '../processes/supervisor-lock.ts'
import { showProgress } from '../progress.ts'
import { SERVICES } from '../servers/databases.ts'
import { migrateDatabases } from '../servers/migrations.ts'
import { serviceUrl } from '../services/services.ts'
import { startStack } from '../stack.ts'
import { findRunningStack } from './running-stack.ts'

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

/** `./bazaar migrate`: brings the databases up to date, beside the running stack or without one. */
export async function migrate(): Promise<number> {
  const paths = stackPaths(defaultStackName())
  const progress = showProgress()
  if (await findSupervisor(paths)) {
    const { stores, wiring } = await findRunningStack(paths)
    await progress.step('Migrate the databases', () =>
      migrateDatabases(stores.database, { secrets: wiring.secrets, seen: {} }),
    )
    return 0
  }
  // Starting the stores alone does it.
  const stack = await startStack({ name: paths.name, except: SERVICES, progress })
  await stack.stop()
  return 0
}
