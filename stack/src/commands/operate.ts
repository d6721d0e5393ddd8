import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { defaultStackName, repositoryFolder, stackPaths } from '../paths.ts'
import { serviceEnvironment } from '../services/services.ts'
import { StackError } from '../stack-error.ts'
import { findRunningStack, stillStarting } from './running-stack.ts'

const MESSAGE_OPTIONS = { all: { type: 'boolean' }, 'sent-days': { type: 'string' } } as const

type Operated = 'user' | 'inventory' | 'order'

/** `./bazaar messages list|show|replay`: the messages of all services that could not be handled. */
export async function messages(args: string[]): Promise<number> {
  const { positionals, values } = parseArgs({ args, allowPositionals: true, options: MESSAGE_OPTIONS })
  const [verb = '', id] = positionals
  const selects = id !== undefined || values.all || values['sent-days'] !== undefined
  if (verb !== 'list' && !((verb === 'show' && id) || (verb === 'replay' && selects))) {
    throw new StackError(
      'Choose an action: ./bazaar messages list, show ID, replay ID, replay --all or replay --sent-days DAYS',
    )
  }
  return await operateAll([
    ['user', ['messages', ...args]],
    ['inventory', ['messages', ...args]],
    ['order', ['messages', ...args]],
  ])
}

/** `./bazaar letters list|show|send`: the letters to people that were not sent, or all to one. */
export async function letters(args: string[]): Promise<number> {
  const options = { all: { type: 'boolean' }, user: { type: 'string' } } as const
  const { positionals, values } = parseArgs({ args, allowPositionals: true, options })
  const [verb = '', id] = positionals
  if (verb !== 'list' && !((verb === 'show' && id) || (verb === 'send' && (id || values.all)))) {
    throw new StackError(
      'Choose an action: ./bazaar letters list [--user ID], show ID, send ID or send --all',
    )
  }
  return await operateAll([['user', ['letters', ...args]]])
}

/** `./bazaar reconcile [--repair]`: compares orders with stock, and the ledger with its counters. */
export async function reconcile(args: string[]): Promise<number> {
  parseArgs({ args, options: { repair: { type: 'boolean' } } })
  return await operateAll([
    ['inventory', ['audit']],
    ['order', ['reconcile', ...args]],
  ])
}

/** Runs the operator programs of services one after the other, each with the rights of its service and no more. */
async function operateAll(operations: readonly [Operated, string[]][]): Promise<number> {
  const name = defaultStackName()
  const { supervisor, wiring } = await findRunningStack(stackPaths(name))
  if (supervisor.readyAt === undefined) throw stillStarting(name)
  let worst = 0
  for (const [service, args] of operations) {
    const program = join(repositoryFolder, 'services', service, 'src', 'operate.ts')
    const environment = { ...process.env, ...serviceEnvironment(service, wiring) }
    const child = spawn(process.execPath, ['--no-env-file', program, ...args], {
      env: environment,
      stdio: 'inherit',
    })
    const [status]: unknown[] = await once(child, 'close')
    worst = Math.max(worst, typeof status === 'number' ? status : 1)
  }
  return worst
}
