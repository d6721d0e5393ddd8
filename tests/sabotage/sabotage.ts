import { spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { withTestReport } from '@bazaar/shared/testing/test-report'
import { removeStack } from '@bazaar/stack/commands/reset'
import { repositoryFolder } from '@bazaar/stack/paths'
import { showProgress } from '@bazaar/stack/progress'
import { SERVICES } from '@bazaar/stack/servers/databases'
import { startStack } from '@bazaar/stack/stack'
import { StackError } from '@bazaar/stack/stack-error'
import { type Plant, planted } from '../plants/plant.ts'
import { SABOTAGES, type Sabotage } from './plants.ts'

const TEST_TIMEOUT_MS = 120_000
const NAME = `sabotage-${process.pid}`

/**
 * Plants mistakes in Bazaar, one at a time, and shows that the tests notice each: the named test passes without the
 * mistake and fails with it. `wanted` is `all`, or numbers with commas between them. Answers 0 when each is noticed.
 */
export async function sabotage(wanted: string): Promise<number> {
  const numbers = wanted === 'all' ? Object.keys(SABOTAGES) : wanted.split(',')
  const chosen = numbers.map((number): [string, Sabotage] => {
    const sabotage = SABOTAGES[Number(number)]
    if (!sabotage) throw new StackError(`There is no sabotage ${number}: see tests/sabotage`)
    return [number, sabotage]
  })
  const given = process.env['TEST_MYSQL_URL'] !== undefined
  const stack = given
    ? undefined
    : await startStack({ name: NAME, except: SERVICES, external: {}, progress: showProgress() })
  const stores = stack && {
    TEST_MYSQL_URL: stack.adminUrls.mysql,
    TEST_REDIS_URL: stack.adminUrls.redis,
    TEST_RABBITMQ_URL: stack.adminUrls.rabbitmq,
  }
  try {
    return await runAll(chosen, stores ?? {})
  } finally {
    await stack?.stop()
    if (stack) await removeStack(NAME)
  }
}

async function runAll(
  chosen: readonly [string, Sabotage][],
  stores: Record<string, string>,
): Promise<number> {
  let caught = 0
  for (const [number, { name, plants, noticedBy }] of chosen) {
    const healthy = await outcomeOf(noticedBy, { plants: [], stores })
    const sabotaged = await outcomeOf(noticedBy, { plants, stores })
    const isCaught = healthy === 'passes' && sabotaged === 'fails'
    if (isCaught) caught++
    const what = isCaught ? '' : `: without it the test ${healthy}, with it it ${sabotaged}`
    console.log(`${isCaught ? '✓' : '✗'} ${number.padStart(2)} ${name}${what}`)
  }
  console.log(`\n${caught} of ${chosen.length} mistakes are noticed`)
  return caught === chosen.length ? 0 : 1
}

/** How a test ends with some plants in what it tests. One that cannot even be loaded notices nothing. */
async function outcomeOf(
  { file, only }: Sabotage['noticedBy'],
  { plants, stores }: { plants: readonly Plant[]; stores: Record<string, string> },
): Promise<'passes' | 'fails' | 'cannot be run'> {
  const { arguments: preload, environment } = planted(plants)
  const filter = only === undefined ? [] : ['-t', only]
  const { result: status, report } = await withTestReport(async (reporting) => {
    const child = spawn(
      process.execPath,
      ['test', ...preload, `--timeout=${TEST_TIMEOUT_MS}`, file, ...filter, ...reporting],
      { cwd: repositoryFolder, env: { ...process.env, ...stores, ...environment }, stdio: 'ignore' },
    )
    return (await once(child, 'close'))[0]
  })
  if (!report) return 'cannot be run'
  if (report.failures.length > 0) return 'fails'
  return status === 0 && report.passed > 0 ? 'passes' : 'cannot be run'
}
