import { parseArgs } from 'node:util'
import { showProgress } from './progress.ts'
import { runSuites } from './run-suites.ts'
import { StackError } from './stack-error.ts'
import { type Suite, suites } from './suites.ts'

/** `./bazaar test [suite ...]`: runs all suites that can run here, saying which cannot, or those named. */
export async function test(args: string[]): Promise<number> {
  const { positionals: names } = parseArgs({ args, allowPositionals: true, options: {} })
  return await runSuites(chooseSuites(names), { runtime: 'bun', progress: showProgress() })
}

function chooseSuites(names: readonly string[]): readonly Suite[] {
  const unknown = names.find((name) => !suites.some((suite) => suite.name === name))
  if (unknown === undefined)
    return names.length === 0 ? possibleSuites() : suites.filter(({ name }) => names.includes(name))
  throw new StackError(
    `There is no suite "${unknown}"; there are ${suites.map(({ name }) => name).join(', ')}.`,
  )
}

/** What builds containers or networks takes root on Linux and minutes: it is run by its name. */
function possibleSuites(): readonly Suite[] {
  const impossible = suites.filter(({ root }) => root)
  console.log(`Left out, as they need root on Linux: ${impossible.map(({ name }) => name).join(', ')}.`)
  return suites.filter(({ root }) => !root)
}
