import process from 'node:process'
import { SERVICES } from '../src/servers/databases.ts'
import { startStack } from '../src/stack.ts'

/*
 * Runs the stores of a private stack until it is killed or told to stop. A process of its own, because the test
 * is about what happens to them when it is gone.
 */

const [name = ''] = process.argv.slice(2)
const stack = await startStack({ name, except: SERVICES, external: {} })
const pids = Object.fromEntries(
  ['database', 'redis', 'rabbitmq', 'epmd'].map((server) => [server, stack.pid(server)]),
)
async function stop(): Promise<void> {
  await stack.stop()
  process.exit(0)
}
process.on('SIGTERM', stop)
// Its end means that the test itself is gone.
process.stdin.on('end', stop).resume()
process.stdout.write(`${JSON.stringify({ ...stack.adminUrls, pids })}\n`)
