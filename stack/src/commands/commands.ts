import { parseArgs } from 'node:util'
import { migrate, seed } from './data-commands.ts'
import { doctor } from './doctor.ts'
import { env } from './env.ts'
import { keys } from './keys.ts'
import { logs } from './logs.ts'
import { letters, messages, reconcile } from './operate.ts'
import { reset } from './reset.ts'
import { start } from './start.ts'
import { status } from './status.ts'
import { stop } from './stop.ts'
import { test } from './test.ts'
import { trace } from './trace.ts'

/** The commands of `./bazaar`, each with the rest of the command line. Returns the exit status. */
export const commands: Record<string, (args: string[]) => Promise<number>> = {
  start,
  stop: withoutArguments(stop),
  status,
  logs,
  env,
  keys,
  seed: withoutArguments(seed),
  migrate: withoutArguments(migrate),
  letters,
  messages,
  reconcile,
  trace,
  test,
  doctor: withoutArguments(doctor),
  reset,
}

function withoutArguments(command: () => Promise<number>): (args: string[]) => Promise<number> {
  return (args) => {
    parseArgs({ args, options: {} })
    return command()
  }
}

/** The names of the commands. */
export const commandNames: readonly string[] = Object.keys(commands)
