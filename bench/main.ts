import { mkdir, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { removeStack } from '@bazaar/stack/commands/reset'
import { showProgress } from '@bazaar/stack/progress'
import { UNLIMITED } from '@bazaar/stack/services/unlimited'
import { type Stack, startStack } from '@bazaar/stack/stack'
import { table } from '@bazaar/stack/table'
import { cancellation, hotProduct, logIn, placeOrder } from './comparisons.ts'
import { type Market, openMarket } from './market.ts'
import { type Comparison, compare, type Pids, QUICK, type Result, THOROUGH } from './measure.ts'
import { type OtherBuild, otherBuild, ownCommit } from './other-build.ts'
import { homePage, homePageKnown, orderHistory, ownAccount, productList, productPage } from './reads.ts'
import type { Results } from './results.ts'
import { costs, headings, row } from './show.ts'

/*
 * `bun run bench`: what Bazaar does in a second, each beside a ceiling that is measured in the same run, and if wanted
 * beside another commit. Runs on stacks of its own, which are deleted afterwards.
 */

const HELP = `bun run bench [--quick] [--only ROW]... [--against COMMIT] [--keep]

Shows what Bazaar does in a second, each beside a ceiling that is measured in the same run.

  --quick           five rounds of 0.7 s instead of seven of 2 s
  --only ROW        only this row; give it again for more
  --against COMMIT  beside the marketplace of another commit, in turn
  --keep            writes bench/results/<date>.json`

const { values: wanted } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    against: { type: 'string' },
    only: { type: 'string', multiple: true },
    quick: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
})

/** The number of callers that place orders at once. */
const TOGETHER = 64

const ROWS: Record<string, (stack: Stack, market: Market) => Promise<Comparison>> = {
  home: homePage,
  'home-304': homePageKnown,
  product: productPage,
  list: productList,
  me: ownAccount,
  history: orderHistory,
  sessions: (_, market) => logIn(market),
  reservations: hotProduct,
  orders: (stack, market) => placeOrder(stack, market, { atOnce: TOGETHER, of: 'spread products' }),
  'orders-one': (stack, market) => placeOrder(stack, market, { atOnce: TOGETHER, of: 'one product' }),
  'orders-alone': (stack, market) => placeOrder(stack, market, { atOnce: 1, of: 'spread products' }),
  cancellations: cancellation,
}
/** What a stack runs that costs CPU, by the names that this and earlier builds have for it. */
const PROCESSES = {
  iam: ['iam'],
  user: ['user'],
  inventory: ['inventory'],
  order: ['order'],
  database: ['database', 'mariadb'],
  redis: ['redis'],
  rabbitmq: ['rabbitmq'],
}

if (wanted.help) {
  console.log(`${HELP}\n\nRows: ${Object.keys(ROWS).join(', ')}`)
  process.exit()
}
const unknown = wanted.only?.find((name) => !(name in ROWS))
if (unknown) throw new Error(`There is no row "${unknown}"; there are ${Object.keys(ROWS).join(', ')}`)
const chosen = Object.entries(ROWS).filter(([name]) => wanted.only?.includes(name) ?? true)
const progress = showProgress()
const { against } = wanted
const other = against && (await progress.step(`Install ${against}`, () => otherBuild(against)))
const stacks: Stack[] = []
const stopAll = () => Promise.all(stacks.map((stack) => stack.stop()))
process.on('SIGINT', () => void stopAll().then(() => process.exit(130)))
const name = `bench-${process.pid}`
const environment = { ...UNLIMITED, BCRYPT_COST: '10' }

async function open(
  build: Pick<OtherBuild, 'startStack' | 'openMarket'>,
): Promise<{ stack: Stack; market: Market; pids: Pids }> {
  const stack = await build.startStack({ name, environment, external: {}, progress })
  stacks.push(stack)
  const market = await progress.step('Fill the marketplace', () => build.openMarket(stack))
  const pids = Object.entries(PROCESSES).flatMap(([one, names]) => {
    const pid = names.map((known) => stack.pid(known)).find((found) => found !== undefined)
    return pid === undefined ? [] : [[one, pid] as const]
  })
  return { stack, market, pids: Object.fromEntries(pids) }
}

try {
  const here = await open({ startStack, openMarket })
  const there = other ? await open(other) : undefined
  const results: Result[] = []
  for (const [, prepare] of chosen) {
    const comparison = await prepare(here.stack, here.market)
    const beside = there && (await prepare(there.stack, there.market))
    // Of the other commit only its own side is wanted: there is one ceiling for both.
    await beside?.ceiling.end?.()
    const measured = { ...comparison, bazaar: { ...comparison.bazaar, pids: here.pids } }
    const otherSide = beside && { ...beside.bazaar, pids: there.pids }
    results.push(
      await progress.step(`Measure ${comparison.name}`, () =>
        compare(measured, wanted.quick ? QUICK : THOROUGH, otherSide),
      ),
    )
  }
  for (const rows of [[headings(Boolean(other)), ...results.map(row)], costs(results)])
    console.log(`\n${table(rows).join('\n')}\n`)
  if (wanted.keep) await keep(results)
} finally {
  await stopAll()
  await removeStack(name)
  for (const { paths } of stacks) await rm(paths.folder, { recursive: true, force: true })
}

/** Keeps the results of the day for whoever compares later. */
async function keep(rows: Result[]): Promise<void> {
  const at = new Date().toISOString()
  const machine = { cores: availableParallelism(), load: loadavg().map((load) => Math.round(load * 10) / 10) }
  const commits = { commit: await ownCommit(), against: other ? other.commit : null }
  const results: Results = { at, ...commits, machine, rows }
  const folder = fileURLToPath(new URL('results', import.meta.url))
  await mkdir(folder, { recursive: true })
  const file = join(folder, `${at.slice(0, 10)}.json`)
  await writeFile(file, `${JSON.stringify(results, null, 2)}\n`)
  console.log(`Kept in ${file}`)
}
