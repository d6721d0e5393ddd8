import { randomBytes } from 'node:crypto'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { storeRow } from '@bazaar/stack/programs/store-rows'
import { showProgress } from '@bazaar/stack/progress'
import { StackError } from '@bazaar/stack/stack-error'
import { TOO_SLOW_STATUS } from '@bazaar/stack/suites/test-counts'
import { sabotage } from '../sabotage/sabotage.ts'
import { FAULTS, faultsOf } from './nemesis/faults.ts'
import { type RunResult, runFaults } from './run.ts'

const HELP = `bun run faults [--quick] [--minutes M] [--orders N] [--faults N] [--seed SEED] [--only F20,F42] [--clients N] [--stores NAME]

Runs a whole marketplace, puts a load on it, makes parts of it fail, and checks what must be true.

  --quick        every step of the protocols fails once, then chance for a short while: under three minutes
  --minutes M    chance for so long; 10 when not given
  --orders N     goes on for longer than that until so many orders were placed
  --faults N     and until so many faults have begun
  --seed SEED    the same draws as in an earlier run
  --only ROWS    only the faults of these rows of the matrix in tests/faults/README.md, each once
  --clients N    how many buyers at once; 32 when not given
  --stores NAME  on these stores: debian12, debian13 or mysql; this machine's own when not given
  --sabotage all plants mistakes in Bazaar and shows that tests notice them; or some, 1,8,22: see tests/sabotage`

const MINUTE_MS = 60_000
const QUICK_CHANCE_MS = 10_000

/**
 * `bun run faults`: 0 when all is as it must be, 1 when not, or when the run does not tell, and 75 when it would on a
 * machine that is less busy.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      minutes: { type: 'string' },
      seed: { type: 'string', default: randomBytes(4).toString('hex') },
      only: { type: 'string' },
      orders: { type: 'string', default: '0' },
      faults: { type: 'string', default: '0' },
      clients: { type: 'string', default: '32' },
      sabotage: { type: 'string' },
      stores: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(HELP)
    return 0
  }
  // Everything that is started below looks there.
  if (values.stores !== undefined) process.env['BAZAAR_STORES'] = storeRow(values.stores).name
  if (values.sabotage !== undefined) return await sabotage(values.sabotage)
  const rows = values.only?.split(',').map((row) => row.trim())
  const without = rows?.find((row) => faultsOf([row]).length === 0)
  if (without !== undefined)
    throw new StackError(`There is no fault for ${without}: see tests/faults/README.md`)
  const chosen = rows ? faultsOf(rows) : FAULTS
  const minutes = Number(values.minutes ?? (values.quick || rows ? 0 : 10))
  if (!(minutes >= 0)) throw new StackError(`Cannot run for "${values.minutes}" minutes`)
  const clients = Number(values.clients)
  if (!(Number.isInteger(clients) && clients > 0))
    throw new StackError(`Cannot run with "${values.clients}" clients`)
  const ordersLeast = Number(values.orders)
  if (!(ordersLeast >= 0)) throw new StackError(`Cannot place "${values.orders}" orders`)
  const faultsLeast = Number(values.faults)
  if (!(faultsLeast >= 0)) throw new StackError(`Cannot make "${values.faults}" faults`)

  const interrupted = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // Who insists does not want to hear the verdict; the guardians of all processes end them.
      if (interrupted.signal.aborted) process.exit(130)
      interrupted.abort()
      console.log('Coming to the end; once more leaves at once.')
    })
  }
  const progress = showProgress()
  progress.line(`seed ${values.seed}`)
  const result = await runFaults({
    seed: values.seed,
    once: rows ? chosen : values.quick ? FAULTS.filter(({ isQuick }) => isQuick) : [],
    byChance: chosen.filter(({ weight }) => weight > 0),
    chanceMs: minutes > 0 ? minutes * MINUTE_MS : values.quick ? QUICK_CHANCE_MS : 0,
    ordersLeast,
    faultsLeast,
    clients,
    progress,
    signal: interrupted.signal,
  })
  report(result)
  const { withoutOccasion, unhealed } = result.faults
  if (result.valid === 'too slow' && unhealed.length === 0) return TOO_SLOW_STATUS
  return result.valid === true && withoutOccasion.length === 0 && unhealed.length === 0 ? 0 : 1
}

function report({ verdicts, valid, faults, orders, folder, seed, tookMs }: RunResult): void {
  for (const [name, verdict] of Object.entries(verdicts)) {
    const mark = verdict.valid === true ? '✓' : verdict.valid === false ? '✗' : '?'
    const counts = Object.entries(verdict.counts).map(([what, count]) => `${what} ${count}`)
    console.log(`${mark} ${name.padEnd(10)} ${counts.join(', ')}`)
    for (const { invariant, what, detail } of verdict.violations.slice(0, 3))
      console.log(`    ${invariant} ${what}: ${JSON.stringify(detail)}`)
    if (verdict.violationsCount > 3) console.log(`    ... ${verdict.violationsCount} in all`)
  }
  for (const what of faults.unhealed) console.log(`✗ did not get well: ${what}`)
  for (const name of faults.withoutOccasion) console.log(`? there was no occasion for: ${name}`)
  const words = { true: 'valid', false: 'NOT VALID', unknown: 'unknown', 'too slow': 'too slow to judge' }
  console.log(
    `\n${words[`${valid}`]}: ${orders} orders, ${faults.injected} faults, ${Math.round(tookMs / 1_000)} s, seed ${seed}\n${folder}/result.json`,
  )
}

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof StackError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
// Connections of the load may linger; everything that was started is down by now.
process.exit()
