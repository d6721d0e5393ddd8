import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { planted } from '../plants/plant.ts'
import { isExplained, staleFor } from './explained.ts'
import { type Mutant, mutantsOf } from './mutants.ts'

/*
 * Makes every small mistake in the rules of the services, one at a time, and looks whether the tests beside them
 * notice: `bun run mutate`, or with files as arguments. The status is 0 when each is noticed, or explained.
 */

const repositoryFolder = fileURLToPath(new URL('../..', import.meta.url))

/** Rules whose tests need no server. The test of `order.ts` is `order.test.ts`. */
const RULES = [
  'services/order/src/orders/amounts.ts',
  'services/order/src/orders/moves.ts',
  'services/order/src/orders/order.ts',
  'services/order/src/orders/shipping.ts',
  'services/order/src/payment/payment.ts',
  'services/order/src/moments.ts',
  'services/order/src/reconciling/reconciliation.ts',
  'services/inventory/src/stock/giving-back.ts',
  'services/inventory/src/stock/reservable.ts',
  'services/inventory/src/stock/reservation.ts',
  'services/inventory/src/stock/stock.ts',
  'services/inventory/src/catalogue/product.ts',
  'services/user/src/accounts/user.ts',
  'services/user/src/orders/letters-about.ts',
]

/** Far more than such tests take: a mistake with which they never end is noticed, too. */
const TEST_WITHIN_MS = 30_000

const wanted = process.argv.slice(2)
const files = RULES.filter((file) => wanted.length === 0 || wanted.some((one) => file.includes(one)))
const complaints: string[] = []
for (const file of files) complaints.push(...(await mutate(file)))
for (const complaint of complaints) console.log(`✗ ${complaint}`)
process.exit(complaints.length > 0 || files.length === 0 ? 1 : 0)

/** What is wrong with the tests of a file: mistakes that they do not notice, and explanations of none. */
async function mutate(file: string): Promise<string[]> {
  const source = readFileSync(join(repositoryFolder, file), 'utf8')
  const test = file.replace(/\.ts$/, '.test.ts')
  if (!existsSync(join(repositoryFolder, test))) throw new Error(`Cannot judge ${file}: there is no ${test}`)
  if (!(await isGreen(file, test, { from: source, to: source })))
    throw new Error(`Cannot judge ${file}: ${test} fails without any mistake`)

  const mutants = mutantsOf(source)
  const waiting = [...mutants]
  const survivors: Mutant[] = []
  async function judge(): Promise<void> {
    for (let mutant = waiting.shift(); mutant; mutant = waiting.shift())
      if (await isGreen(file, test, { from: source, to: mutant.source })) survivors.push(mutant)
  }
  await Promise.all(Array.from({ length: availableParallelism() }, judge))

  const left = survivors.filter((mutant) => !isExplained(file, mutant))
  console.log(
    `${left.length > 0 ? '✗' : '✓'} ${file}: of ${mutants.length} mistakes ${mutants.length - survivors.length} ` +
      `are noticed, ${survivors.length - left.length} explained`,
  )
  return [
    ...left
      .toSorted((one, other) => one.line - other.line)
      .map(
        ({ line, from, to }) =>
          `${file}:${line} nobody notices ${JSON.stringify(from)} → ${JSON.stringify(to)}`,
      ),
    ...staleFor(file, survivors).map(({ within }) => `${file}: nothing is left to explain in ${within}`),
  ]
}

/** Whether the tests pass with a change in a file. */
async function isGreen(
  file: string,
  test: string,
  { from, to }: { from: string; to: string },
): Promise<boolean> {
  const { arguments: preload, environment } = planted([{ file, find: from, put: to }])
  const child = spawn(process.execPath, ['test', ...preload, '--bail', test], {
    cwd: repositoryFolder,
    env: { ...process.env, ...environment },
    stdio: 'ignore',
    timeout: TEST_WITHIN_MS,
    killSignal: 'SIGKILL',
  })
  const [status] = await once(child, 'close')
  return status === 0
}
