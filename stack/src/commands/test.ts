import process from 'node:process'
import { parseArgs } from 'node:util'
import { STORE_ROWS, type StoreRow, storeRow } from '../programs/store-rows.ts'
import { showProgress } from '../progress.ts'
import { StackError } from '../stack-error.ts'
import { runSuites } from '../suites/run-suites.ts'
import { type Suite, suites } from '../suites/suites.ts'

/**
 * `./bazaar test [--all | SUITE ...] [--stores NAME,...|all] [--full]`: runs what can run anywhere, saying what is left out, or all, or those
 * named. With `--full`, what tries things at random tries very many.
 */
export async function test(args: string[]): Promise<number> {
  const { positionals: names, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { all: { type: 'boolean' }, full: { type: 'boolean' }, stores: { type: 'string' } },
  })
  if (values.full) process.env['BAZAAR_TEST_FULL'] = '1'
  return await runSuites(values.all ? suites : chooseSuites(names), {
    runtime: 'bun',
    rows: chooseRows(values.stores ?? process.env['BAZAAR_STORES']),
    progress: showProgress(),
  })
}

function chooseRows(names: string | undefined): readonly StoreRow[] {
  if (!names) return []
  return names === 'all' ? STORE_ROWS : names.split(',').map((name) => storeRow(name.trim()))
}

function chooseSuites(names: readonly string[]): readonly Suite[] {
  const unknown = names.find((name) => !suites.some((suite) => suite.name === name))
  if (unknown === undefined)
    return names.length === 0 ? possibleSuites() : suites.filter(({ name }) => names.includes(name))
  throw new StackError(
    `There is no suite "${unknown}"; there are ${suites.map(({ name }) => name).join(', ')}.`,
  )
}

/** What builds containers, networks or disks takes root on Linux and minutes, and faults and proofs take minutes: only by name or with all. */
function possibleSuites(): readonly Suite[] {
  const isLeftOut = ({ root, long }: Suite) => root || long
  const names = suites.filter(isLeftOut).map(({ name }) => name)
  console.log(
    `Left out, as they take minutes or root on Linux: ${names.join(', ')}. With --all they run, too.`,
  )
  return suites.filter((suite) => !isLeftOut(suite))
}
