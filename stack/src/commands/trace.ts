import { parseArgs } from 'node:util'
import { defaultStackName, stackPaths } from '../paths.ts'
import { databaseUrl } from '../servers/databases.ts'
import { StackError } from '../stack-error.ts'
import { readOrderLogs } from '../trace/order-logs.ts'
import { readOrderRows } from '../trace/order-rows.ts'
import { linesOf, story } from '../trace/story.ts'
import { findRunningStack } from './running-stack.ts'

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * `./bazaar trace ORDER [--json]`: what happened to an order, what is waited for, and what is odd. It names people and
 * products by their ids only, and says nothing of means of payment, addresses or what anybody wrote.
 * @throws {StackError} when there is no such order.
 */
export async function trace(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false } },
  })
  const [orderId = '', ...others] = positionals.map((one) => one.toLowerCase())
  if (!ID.test(orderId) || others.length > 0)
    throw new StackError('Say which order, by its id: ./bazaar trace 01890f2e-7b1a-7c3d-9e4f-2a6b8c0d1e2f')
  const paths = stackPaths(defaultStackName())
  const { stores, wiring } = await findRunningStack(paths)
  const urlOf = (service: 'user' | 'order' | 'inventory'): string =>
    databaseUrl(stores.database, { account: service, service, secrets: wiring.secrets })
  const urls = { user: urlOf('user'), order: urlOf('order'), inventory: urlOf('inventory') }
  const rows = await readOrderRows(urls, orderId)
  if (!rows)
    throw new StackError(`Cannot trace order "${orderId}": there is no such order in this marketplace.`)
  const traces = rows.messages.flatMap(({ traceId }) => (traceId ? [traceId] : []))
  const messages = rows.messages.map(({ id }) => id)
  const told = story(rows, await readOrderLogs(paths.logs, [orderId, ...messages, ...traces]))
  if (values.json) console.log(JSON.stringify({ orderId, ...told }, undefined, 2))
  else for (const line of linesOf(orderId, told)) console.log(line)
  return 0
}
