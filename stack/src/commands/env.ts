import { parseArgs } from 'node:util'
import { defaultStackName, stackPaths } from '../paths.ts'
import { serviceEnvironment } from '../services/services.ts'
import { SHOP, shopEnvironment } from '../services/shop.ts'
import { StackError } from '../stack-error.ts'
import { findRunningStack } from './running-stack.ts'
import { portBase, serviceNamed } from './start.ts'

/**
 * `./bazaar env order > services/order/.env`: the variables with which a service runs by itself beside the running
 * stack.
 */
export async function env(args: string[]): Promise<number> {
  const { positionals } = parseArgs({ args, allowPositionals: true, options: {} })
  const [name, ...rest] = positionals
  if (name === undefined || rest.length > 0) throw new StackError('Name a service: ./bazaar env order')
  const service = name === SHOP ? name : serviceNamed(name)
  const { wiring } = await findRunningStack(stackPaths(defaultStackName()))
  const environment =
    service === SHOP ? shopEnvironment(portBase(), wiring) : serviceEnvironment(service, wiring)
  for (const [variable, value] of Object.entries(environment)) {
    console.log(`${variable}=${value}`)
  }
  return 0
}
