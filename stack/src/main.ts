import process from 'node:process'
import { parseArgs } from 'node:util'
import { migrate, seed } from './data-commands.ts'
import { doctor } from './doctor.ts'
import { env } from './env.ts'
import { logs } from './logs.ts'
import { reset } from './reset.ts'
import { StackError } from './stack-error.ts'
import { start } from './start.ts'
import { status } from './status.ts'
import { stop } from './stop.ts'
import { test } from './test.ts'

/** What `./bazaar` can be told. The script of that name, which knows the help, calls this. */
const commands: Record<string, (args: string[]) => Promise<number>> = {
  start,
  stop: withoutArguments(stop),
  status: withoutArguments(status),
  logs,
  env,
  seed: withoutArguments(seed),
  migrate: withoutArguments(migrate),
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

const [name = '', ...args] = process.argv.slice(2)
const command = commands[name]
if (!command) {
  console.error(`There is no command "${name}"; there are ${Object.keys(commands).join(', ')}.`)
  process.exit(2)
}
try {
  process.exit(await command(args))
} catch (error) {
  if (error instanceof StackError) {
    console.error(error.message)
    process.exit(1)
  }
  if (error instanceof TypeError && Reflect.get(error, 'code')?.startsWith('ERR_PARSE_ARGS')) {
    console.error(`${error.message}\nSee ./bazaar help.`)
    process.exit(2)
  }
  throw error
}
