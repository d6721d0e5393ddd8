import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { removeStack } from '@bazaar/stack/commands/reset'
import { stackPaths } from '@bazaar/stack/paths'
import { showProgress } from '@bazaar/stack/progress'
import { UNLIMITED } from '@bazaar/stack/services/unlimited'
import { startStack } from '@bazaar/stack/stack'
import { beyondMarks, linesOf, sumsOf, tablesOf } from './report.ts'
import { walk } from './walk.ts'

/*
 * `bun run statements`: places one order and cancels it, on a stack of its own, and prints every statement that was sent
 * for it; with --markdown as the tables of docs/one-order.md. Fails when they are more than the marks.
 */

const name = `statements-${process.pid}`
const file = join(stackPaths(name).folder, 'statements')
const recorder = fileURLToPath(new URL('record.ts', import.meta.url))
const stack = await startStack({
  name,
  environment: {
    ...UNLIMITED,
    BCRYPT_COST: '10',
    BUN_OPTIONS: `--preload=${recorder}`,
    WALK_FILE: file,
  },
  external: {},
  progress: showProgress(),
})
process.on('SIGINT', () => void stack.stop().then(() => process.exit(130)))
try {
  const { iam, user, inventory, order } = stack.urls
  const urls = {
    BAZAAR_IAM_URL: iam,
    BAZAAR_USER_URL: user,
    BAZAAR_INVENTORY_URL: inventory,
    BAZAAR_ORDER_URL: order,
  }
  const parts = await walk(urls, file)
  console.log(process.argv.includes('--markdown') ? `\n${tablesOf(parts)}` : linesOf(parts))
  console.log(`\n${sumsOf(parts)}\n`)
  const beyond = beyondMarks(parts)
  for (const line of beyond) console.error(`More than the mark: ${line}`)
  if (beyond.length > 0) process.exitCode = 1
} finally {
  await stack.stop()
  await removeStack(name)
}
