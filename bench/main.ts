import process from 'node:process'
import { removeStack } from '@bazaar/stack/commands/reset'
import { showProgress } from '@bazaar/stack/progress'
import { UNLIMITED } from '@bazaar/stack/services/unlimited'
import { startStack } from '@bazaar/stack/stack'
import { table } from '@bazaar/stack/table'
import { cancellation, homePage, hotProduct, logIn, placeOrder } from './comparisons.ts'
import { openMarket } from './market.ts'
import { compare, type Result } from './measure.ts'

/*
 * `bun run bench`: what Bazaar does in a second, each beside a ceiling that is measured in the same run. Runs on a
 * stack of its own, which is deleted afterwards.
 */

const HEADINGS = ['', 'per second', 'ceiling', 'ratio', 'the ceiling is']
const name = `bench-${process.pid}`
const progress = showProgress()
const stack = await startStack({
  name,
  environment: { ...UNLIMITED, BCRYPT_COST: '10' },
  external: {},
  progress,
})
process.on('SIGINT', () => void stack.stop().then(() => process.exit(130)))
try {
  const market = await progress.step('Fill the marketplace', () => openMarket(stack))
  const comparisons = [
    () => homePage(stack),
    () => logIn(market),
    () => hotProduct(stack, market),
    () => placeOrder(stack, market),
    () => cancellation(stack, market),
  ]
  const results: Result[] = []
  for (const prepare of comparisons) {
    const comparison = await prepare()
    results.push(await progress.step(`Measure ${comparison.name}`, () => compare(comparison)))
  }
  console.log(`\n${table([HEADINGS, ...results.map(row)]).join('\n')}\n`)
} finally {
  await stack.stop()
  await removeStack(name)
}

function row({ name: what, bazaar, ceiling, ratio, ceilingIs }: Result): string[] {
  return [what, bazaar.toFixed(0), ceiling.toFixed(0), ratio.toFixed(2), ceilingIs]
}
