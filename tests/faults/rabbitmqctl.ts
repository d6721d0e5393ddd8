import { execFile } from 'node:child_process'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import type { StackPaths } from '@bazaar/stack/paths'
import { findPrograms } from '@bazaar/stack/programs'
import { nodeEnvironment } from '@bazaar/stack/rabbitmq'
import { loadState } from '@bazaar/stack/state'

const run = promisify(execFile)
const TIMEOUT_MS = 60_000

/** Asks the private broker of a stack for something that only its own program can. */
export async function rabbitmqctl(paths: StackPaths, ...words: string[]): Promise<string> {
  const { rabbitmq } = await findPrograms()
  if (!rabbitmq) throw new Error('RabbitMQ is not installed')
  const { ports } = await loadState(paths)
  const { stdout } = await run(join(dirname(rabbitmq.server), 'rabbitmqctl'), ['--quiet', ...words], {
    env: {
      ...process.env,
      ...nodeEnvironment(join(paths.folder, 'rabbitmq'), {
        rabbitmq: ports['rabbitmq'] ?? 0,
        rabbitmqNode: ports['rabbitmqNode'] ?? 0,
        epmd: ports['epmd'] ?? 0,
      }),
    },
    timeout: TIMEOUT_MS,
  })
  return stdout.trim()
}
