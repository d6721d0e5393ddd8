import { parseArgs } from 'node:util'
import { showProgress } from './progress.ts'
import { runSuites } from './run-suites.ts'
import { StackError } from './stack-error.ts'
import { type Suite, suites } from './suites.ts'

/** `./bazaar test [--all | SUITE ...]`: runs what can run anywhere, saying what is left out, or all, or those named. */
export async function test(args: string[]): Promise<number> {
  const { positionals: names, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { all: { type: 'boolean' } },
  })
  return await runSuites(values.all ? suites : chooseSuites(names), {
    runtime: 'bun',
    progress: showProgress(),
  })
}

function chooseSuites(names: readonly string[]): readonly Suite[] {
  const unknown = names.find((name) => !suites.some((suite) => suite.name === name))
  if (unknown === undefined)
    return names.length === 0 ? possibleSuites() : suites.filter(({ name }) => names.includes(name))
  throw new StackError(
    `There is no suite "${unknown}"; there are ${suites.map(({ name }) => name).join(', ')}.`,
  )
}

/** What builds containers or networks takes root on Linux and minutes: it is run by its name, or with all. */
function possibleSuites(): readonly Suite[] {
  const impossible = suites.filter(({ root }) => root)
  const names = impossible.map(({ name }) => name).join(', ')
  console.log(`Left out, as they need root on Linux: ${names}. With --all they run, too.`)
  return suites.filter(({ root }) => !root)
}
