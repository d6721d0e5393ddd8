import { rm } from 'node:fs/promises'
import process from 'node:process'
import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { isThere } from '../is-there.ts'
import { defaultStackName, stackPaths } from '../paths.ts'
import { settleLeftovers } from '../processes/leftovers.ts'
import { findSupervisor, takeSupervisorLock } from '../processes/supervisor-lock.ts'
import { StackError } from '../stack-error.ts'

/** `./bazaar reset`: deletes the stack's private servers with all their data, after asking. */
export async function reset(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { yes: { type: 'boolean', default: false } } })
  const paths = stackPaths(defaultStackName())
  if (await findSupervisor(paths)) {
    throw new StackError(`Cannot reset the stack "${paths.name}" while it runs: stop it with ./bazaar stop.`)
  }
  if (!(await isThere(paths.folder))) {
    console.log('There is nothing to delete.')
    return 0
  }
  if (!values.yes && !(await confirmed(paths.folder))) {
    console.log('Nothing was deleted.')
    return 1
  }
  await removeStack(paths.name)
  console.log(`Deleted ${paths.folder}. Servers given by BAZAAR_..._URL were not touched.`)
  return 0
}

/** Deletes a stopped stack, once none of its processes is left. */
export async function removeStack(name: string): Promise<void> {
  const paths = stackPaths(name)
  await takeSupervisorLock(paths)
  await settleLeftovers(paths)
  await rm(paths.folder, { recursive: true, force: true })
}

async function confirmed(folder: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new StackError(
      'Cannot ask before deleting all data: this is not a terminal. Run ./bazaar reset --yes to skip the question.',
    )
  }
  const dialogue = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await dialogue.question(`Delete ${folder} with all products, orders and accounts? [y/N] `)
  dialogue.close()
  return /^y(es)?$/i.test(answer.trim())
}
