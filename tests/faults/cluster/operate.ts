import { execFile } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import { repositoryFolder } from '@bazaar/stack/paths'
import type { Cluster } from './cluster.ts'

const run = promisify(execFile)
const TIMEOUT_MS = 120_000

/**
 * Runs an operator's command of a service, past all proxies; answers what it wrote.
 * @throws {Error} when its status is not 0.
 */
export async function operate(
  { environmentOf, urls }: Cluster,
  service: 'inventory' | 'order',
  ...words: string[]
): Promise<string> {
  const program = join(repositoryFolder, 'services', service, 'src', 'operate.ts')
  const { stdout } = await run(process.execPath, ['--no-env-file', program, ...words], {
    env: {
      ...process.env,
      ...environmentOf(service),
      ...(service === 'order' ? { INVENTORY_URL: urls.inventory, USER_URL: urls.user } : {}),
    },
    timeout: TIMEOUT_MS,
  })
  return stdout.trim()
}
