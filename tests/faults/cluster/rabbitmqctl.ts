import { execFile } from 'node:child_process'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import type { StackPaths } from '@bazaar/stack/paths'
import { STORES } from '@bazaar/stack/programs/programs'
import { inRoot } from '@bazaar/stack/programs/server-root'
import { storePrograms } from '@bazaar/stack/programs/store-programs'
import { storeRow } from '@bazaar/stack/programs/store-rows'
import { brokerFolder, nodeEnvironment } from '@bazaar/stack/servers/rabbitmq'
import { loadState } from '@bazaar/stack/state'

const run = promisify(execFile)
const TIMEOUT_MS = 60_000

/** Asks the private broker of a stack for something that only its own program can. */
export async function rabbitmqctl(paths: StackPaths, ...words: string[]): Promise<string> {
  const { ports, stores } = await loadState(paths)
  const row = stores === undefined ? undefined : storeRow(stores)
  const { root, rabbitmq } = await storePrograms(row, {
    needed: STORES,
    note: () => undefined,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  if (!rabbitmq) throw new Error('RabbitMQ is not installed')
  const folder = brokerFolder(paths)
  const [program, ...args] = inRoot(root, {
    folder,
    command: [join(dirname(rabbitmq.server), 'rabbitmqctl'), '--quiet', ...words],
  })
  const { stdout } = await run(program, args, {
    env: {
      ...process.env,
      ...nodeEnvironment(folder, {
        rabbitmq: ports['rabbitmq'] ?? 0,
        rabbitmqNode: ports['rabbitmqNode'] ?? 0,
        epmd: ports['epmd'] ?? 0,
      }),
    },
    timeout: TIMEOUT_MS,
  })
  return stdout.trim()
}
