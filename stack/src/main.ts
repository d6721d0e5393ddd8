import process from 'node:process'
import { commandNames, commands } from './commands/commands.ts'
import { StackError } from './stack-error.ts'

// The script `bazaar` in the repository's root runs this; it also prints the help.
const [name = '', ...args] = process.argv.slice(2)
const command = commands[name]
if (!command) {
  console.error(`There is no command "${name}"; there are ${commandNames.join(', ')}.`)
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
