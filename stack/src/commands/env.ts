import { parseArgs } from 'node:util'
import { defaultStackName, stackPaths } from '../paths.ts'
import { serviceEnvironment } from '../services/services.ts'
import { StackError } from '../stack-error.ts'
import { findRunningStack } from './running-stack.ts'
import { serviceNamed } from './start.ts'

/** `./bazaar env order > services/order/.env`: what a service needs to run by itself beside the running stack. */
export async function env(args: string[]): Promise<number> {
  const { positionals } = parseArgs({ args, allowPositionals: true, options: {} })
  const [name, ...rest] = positionals
  if (name === undefined || rest.length > 0) throw new StackError('Say of which service: ./bazaar env order')
  const service = serviceNamed(name)
  const { wiring } = await findRunningStack(stackPaths(defaultStackName()))
  for (const [variable, value] of Object.entries(serviceEnvironment(service, wiring))) {
    console.log(`${variable}=${value}`)
  }
  return 0
}
