import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { StackError } from './stack-error.ts'

/** The folder of the repository. */
export const repositoryFolder = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

/** The folder that holds everything private to this copy of the repository; ignored by git. */
export const privateFolder = join(repositoryFolder, '.bazaar')

/** The places where one stack keeps its files. */
export type StackPaths = {
  name: string
  folder: string
  /** Data and settings of its private servers. */
  stores: string
  /** One log file for each process. */
  logs: string
  /** The running processes: one record each, and the supervisor's own. */
  run: string
  state: string
  secrets: string
  /** Letters to people, in place of a mail server. */
  letters: string
}

/**
 * The folder of the stack with that name, under `.bazaar`. On each row of stores it has its own data.
 * @throws {StackError} when the name could be anything but one plain folder.
 */
export function stackPaths(name: string, row?: { name: string }): StackPaths {
  if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(name)) {
    throw new StackError(
      `Cannot use the stack name "${name}": it must be 1 to 32 lower-case letters, digits or hyphens.`,
    )
  }
  const folder = join(privateFolder, name)
  return {
    name,
    folder,
    stores: row ? join(folder, 'stores', row.name) : folder,
    logs: join(folder, 'logs'),
    run: join(folder, 'run'),
    state: join(folder, 'state.json'),
    secrets: join(folder, 'secrets.json'),
    letters: join(folder, 'letters'),
  }
}

/** The stack that commands use when none is named. */
export function defaultStackName(): string {
  return process.env['BAZAAR_STACK'] || 'main'
}
